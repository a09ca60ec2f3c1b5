// One file for Jest: the language service takes seconds to load, and every test file would load it anew.
/* oxlint-disable import/no-unassigned-import */
import './alertQueries';
import './asimTransform';
import './huntingContent';
import './queryChecksTests';
import './rowFilterTests';
import './transformRulesTests';
/* oxlint-enable import/no-unassigned-import */
