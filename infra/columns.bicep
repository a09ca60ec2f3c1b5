metadata description = 'The columns, from the one list that the app is built from too (networkSessions.columns.json).'

var columns = loadJsonContent('networkSessions.columns.json')

// The platform fills these; nobody can send or declare them.
var platformColumns = ['TenantId', 'Type', 'SourceSystem', 'EventTimeIngested']

@export()
@description('Columns of the stream: all that the app may send.')
var streamColumns = filter(columns, column => !contains(platformColumns, column.name))

@export()
@description('Columns of the table. The Auxiliary plan knows no dynamic column: AdditionalFields is text there.')
func tableColumns(auxiliary bool) { name: string, type: string }[] =>
  map(streamColumns, column => {
    name: column.name
    type: auxiliary && column.type == 'dynamic' ? 'string' : column.type == 'datetime' ? 'dateTime' : column.type
  })
