import { expect, it } from 'vitest';
import { keepConstants } from '../../tools/keep-constants.js';

it('makes constants of variables that are never assigned again', () => {
  expect(keepConstants('var a = 1;\nvar b = () => a;\n')).toBe('const a = 1;\nconst b = () => a;\n');
});

it.each([
  ['an assignment in a function', 'var a; function f() { a = 1; }'],
  ['an assignment to an initialised one', 'var a = 0; function f() { a = 1; }'],
  ['a compound assignment', 'var a = 0; function f() { a += 1; }'],
  ['a logical assignment', 'var a = 0; function f() { return (a ??= 1); }'],
  ['an increment', 'var a = 0; function f() { a++; }'],
  ['a decrement in front', 'var a = 0; function f() { --a; }'],
  ['a destructuring assignment', 'var a = 0; function f(x) { ({ y: [a] } = x); }'],
  ['a loop', 'var a = 0; function f(x) { for (a of x) f(a); }'],
  ['a compiled enum', 'var a = /* @__PURE__ */ ((b) => { b[0] = "x"; return b; })(a || (a = {}));'],
  [
    'a compiled enum that is not assigned',
    'var a = /* @__PURE__ */ ((b) => { b[0] = "x"; return b; })(a || {});',
  ],
  ['no value', 'var a;'],
  ['one of two that is assigned', 'var a = 0, b = 1; function f() { b = 2; }'],
])('leaves a variable with %s as it is', (_, program) => {
  expect(keepConstants(program)).toBe(program);
});

it('leaves variables inside functions, and words in texts and comments', () => {
  const program = 'function f() { var a = 1; return a; }\n// var b = 1;\nlet c = `\nvar d = 1;\n`;\n';
  expect(keepConstants(program)).toBe(program);
});

it.each([
  ['of which a property is assigned', 'var a = {}; function f() { a.b = 1; }'],
  ['of which an element is assigned', 'var a = []; function f(i) { a[i] = i; a[0] += 1; }'],
  ['that is negated', 'var a = 1; function f() { return -a; }'],
])('makes a constant of a variable %s', (_, program) => {
  expect(keepConstants(program)).toBe(program.replace('var', 'const'));
});
