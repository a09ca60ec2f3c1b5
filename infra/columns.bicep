metadata description = 'The columns, from the list that the app is also built from (networkSessions.columns.json).'

var columns = loadJsonContent('networkSessions.columns.json')

// The platform fills these; nobody can send or declare them.
var platformColumns = ['TenantId', 'Type', 'SourceSystem', 'EventTimeIngested']

@export()
@description('Columns of the stream: everything the app may send.')
var streamColumns = filter(columns, column => !contains(platformColumns, column.name))

@export()
@description('Columns of the table: the same, with every plan.')
var tableColumns = map(streamColumns, column => {
  name: column.name
  type: column.type == 'datetime' ? 'dateTime' : column.type
})
