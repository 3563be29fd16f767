import ts from 'typescript';

/**
 * Makes constants of the top-level variables of a bundle that are never assigned again.
 *
 * The bundler turns every top-level `const` into `var`. V8 treats a module's `const` as known while it compiles: without it
 * noble's hashes look up their tables and small functions in every round, and a code takes 1.6 times as long
 * (docs/decisions/0008).
 *
 * @param bundle - the JavaScript of a bundle, module or script
 * @returns the same program; a variable that is read before its declaration now throws
 */
export function keepConstants(bundle: string): string {
  const source = ts.createSourceFile('bundle.js', bundle, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const assigned = new Set<string>();
  collectAssigned(source, assigned);
  const places = source.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .filter(({ declarationList }) => isConstant(declarationList, assigned))
    .map((statement) => statement.getStart());
  return places.reduceRight(
    (text, place) => `${text.slice(0, place)}const${text.slice(place + 'var'.length)}`,
    bundle,
  );
}

function isConstant({ flags, declarations }: ts.VariableDeclarationList, assigned: Set<string>): boolean {
  if ((flags & ts.NodeFlags.BlockScoped) !== 0) return false;
  return declarations.every(({ name, initializer }) => {
    if (initializer === undefined || !ts.isIdentifier(name) || assigned.has(name.text)) return false;
    // A compiled enum is handed itself, not there yet: `})(Color || {})`.
    const mentioned = new Set<string>();
    collectIdentifiers(initializer, mentioned);
    return !mentioned.has(name.text);
  });
}

/** Collects the names that are assigned to anywhere, in whatever scope: too many rather than too few. */
function collectAssigned(node: ts.Node, names: Set<string>): void {
  const target = assignmentTarget(node);
  // `a.b = 1` and `a[0] = 1` assign to no variable.
  const isMember =
    target !== undefined && (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target));
  if (target !== undefined && !isMember) collectIdentifiers(target, names);
  ts.forEachChild(node, (child) => {
    collectAssigned(child, names);
  });
}

function assignmentTarget(node: ts.Node): ts.Node | undefined {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isAssignment = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    return isAssignment ? node.left : undefined;
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const { operator } = node;
    const isStep = operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
    return isStep ? node.operand : undefined;
  }
  return ts.isForInStatement(node) || ts.isForOfStatement(node) ? node.initializer : undefined;
}

function collectIdentifiers(node: ts.Node, names: Set<string>): void {
  if (ts.isIdentifier(node)) names.add(node.text);
  ts.forEachChild(node, (child) => {
    collectIdentifiers(child, names);
  });
}
