// Style rules of this repository that oxlint does not have. .oxlintrc.json loads this file directly, so it has no types.
/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access */

const screaming = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|^[A-Z][A-Z0-9]+$/;

const camelCaseConstants = {
  create: (context) => ({
    VariableDeclarator({ id }) {
      if (id.type !== 'Identifier' || !screaming.test(id.name)) return;
      context.report({ node: id, message: `Write ${id.name} in camelCase, as all constants are.` });
    },
  }),
};

const privateMethods = {
  create: (context) => ({
    MethodDefinition({ key }) {
      if (key.type !== 'PrivateIdentifier') return;
      context.report({ node: key, message: `Write "private ${key.name}": only fields have a #.` });
    },
  }),
};

const privateFields = {
  create: (context) => ({
    PropertyDefinition(node) {
      if (node.accessibility !== 'private') return;
      context.report({ node: node.key, message: 'Give the field a # instead of "private".' });
    },
  }),
};

const increments = {
  create: (context) => ({
    AssignmentExpression(node) {
      const { operator, right } = node;
      if ((operator !== '+=' && operator !== '-=') || right.type !== 'Literal' || right.value !== 1) return;
      context.report({ node, message: `Write ${operator === '+=' ? '++' : '--'} instead of ${operator} 1.` });
    },
  }),
};

export default {
  meta: { name: 'dialect' },
  rules: {
    'camel-case-constants': camelCaseConstants,
    'private-methods': privateMethods,
    'private-fields': privateFields,
    increments,
  },
};
