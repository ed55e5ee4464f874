// Where the cursor is in a program, by its tree: within the brackets of which call, and on which name.
import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { SyntaxNode } from "@lezer/common";
import type { Argument } from "./signature.ts";

/** A call, as far as it has been typed. */
export interface Call {
  /** What is called. */
  callee: string;
  /** Where its brackets begin. */
  from: number;
  argument: Argument;
}

/** An expression that ends with a name, and where the name is. */
export interface Name {
  expression: string;
  from: number;
  to: number;
}

/** Milliseconds that may be spent on the tree. */
const PARSE_MS = 20;
/** Characters of what is called; more is no longer looked at. */
const CALLEE_MAX = 400;

const treeAt = (state: EditorState, at: number) => ensureSyntaxTree(state, at, PARSE_MS) ?? syntaxTree(state);

/** The innermost call whose brackets the position is in. */
export function callAround(state: EditorState, at: number): Call | undefined {
  let node: SyntaxNode | null = treeAt(state, at).resolveInner(at, -1);
  if (/Comment/.test(node.name)) return undefined;
  for (; node; node = node.parent) {
    if (node.name !== "ArgList" || node.parent?.name !== "CallExpression" || at <= node.from) continue;
    const isClosed = node.lastChild?.name === ")";
    if (isClosed && at >= node.to) continue;
    const from = node.parent.from;
    if (node.from - from > CALLEE_MAX) return undefined;
    return { callee: state.sliceDoc(from, node.from), from: node.from, argument: argumentAt(state, node, at) };
  }
  return undefined;
}

function argumentAt(state: EditorState, brackets: SyntaxNode, at: number): Argument {
  let nth = 0;
  let first: SyntaxNode | null = null;
  for (let child = brackets.firstChild?.nextSibling ?? null; child; child = child.nextSibling) {
    if (child.name === ",") {
      if (child.to > at) break;
      nth++;
      first = null;
    } else first ??= child;
  }
  const isNamed = first?.name === "VariableName" && first.nextSibling?.name === "AssignOp";
  return isNamed && first ? { nth, name: state.sliceDoc(first.from, first.to) } : { nth };
}

/** What is before a position as far as one expression goes, if that has a dot: `"a b".sp`. */
export function expressionBefore(state: EditorState, at: number): string | undefined {
  const { name, parent } = treeAt(state, at).resolveInner(at, -1);
  const isMember = (name === "." || name === "PropertyName") && parent?.name === "MemberExpression";
  return isMember && at - parent.from <= CALLEE_MAX ? state.sliceDoc(parent.from, at) : undefined;
}

/** The name at a position, with what is before its dots. */
export function nameAt(state: EditorState, at: number, side: -1 | 0 | 1): Name | undefined {
  const node = treeAt(state, at).resolveInner(at, side);
  const { from, to, parent } = node;
  if (node.name === "PropertyName" && parent?.name === "MemberExpression") return to - parent.from > CALLEE_MAX ? undefined : { expression: state.sliceDoc(parent.from, to), from, to };
  if (node.name !== "VariableName") return undefined;
  // The name of an argument is none of the program's, nor is that of a parameter.
  if (parent?.name === "ArgList" && node.nextSibling?.name === "AssignOp") return undefined;
  if (parent?.name === "ParamList") return undefined;
  return { expression: state.sliceDoc(from, to), from, to };
}
