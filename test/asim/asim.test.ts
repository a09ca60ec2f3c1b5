// One file for Jest: the language service takes seconds to load, and every test file would load it anew.
/* oxlint-disable import/no-unassigned-import */
import './asimTesters';
import './bothDestinations';
import './parserFilters';
import './sessionsInSentinel';
import './valuesByHand';
/* oxlint-enable import/no-unassigned-import */
