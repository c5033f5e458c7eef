import * as path from "node:path";
import ts from "typescript";
import { REPOSITORY } from "../workspace/packedPackage";

/* What the doc comments of the types say that users import. */

export interface Member {
  /** A method's with its parameters: `account(id)`. */
  readonly name: string;
  readonly text: string;
  /** What stands after `@default`. */
  readonly whenAbsent: string | undefined;
}

export class PublicTypes {
  readonly #checker: ts.TypeChecker;
  readonly #exports: readonly ts.Symbol[];

  /** @param entryPoint the file from which they are exported, by its path from the root. */
  constructor(entryPoint: string) {
    const { config } = ts.readConfigFile(path.join(REPOSITORY, "tsconfig.json"), (file) =>
      ts.sys.readFile(file),
    ) as { config: unknown };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, REPOSITORY);
    const file = path.join(REPOSITORY, entryPoint);
    const program = ts.createProgram([file], options);
    const source = program.getSourceFile(file);
    this.#checker = program.getTypeChecker();
    const module = source && this.#checker.getSymbolAtLocation(source);
    this.#exports = module === undefined ? [] : this.#checker.getExportsOfModule(module);
  }

  /** The public members of a class, or of an interface with those that it extends. */
  members(name: string): Member[] {
    const type = this.#checker.getDeclaredTypeOfSymbol(this.#exported(name));
    // What a class of Pulumi's leaves to its descendants is no output.
    const isOwn = ({ valueDeclaration }: ts.Symbol) =>
      !type.isClass() || valueDeclaration?.parent === type.symbol.valueDeclaration;
    return this.#checker
      .getPropertiesOfType(type)
      .filter((symbol) => isOwn(symbol) && isPublic(symbol))
      .map((symbol) => this.#member(symbol, name));
  }

  /** The members of a union of objects, by what they have as `kind`. */
  kinds(name: string): Member[] {
    const [declared] = this.#exported(name).declarations ?? [];
    if (declared === undefined || !ts.isTypeAliasDeclaration(declared)) return [];
    const { type } = declared;
    if (!ts.isUnionTypeNode(type)) return [];
    const source = declared.getSourceFile().text;
    return type.types.map((each, index) => {
      const before = source.slice(type.types[index - 1]?.end ?? type.pos, each.getStart());
      const [, comment = ""] = /\/\*\*([^]*?)\*\//.exec(before) ?? [];
      const [, kind = ""] = /\bkind: "(\w+)"/.exec(each.getText()) ?? [];
      return { name: kind, text: plain(comment), whenAbsent: undefined };
    });
  }

  #exported(name: string): ts.Symbol {
    const found = this.#exports.find((symbol) => symbol.name === name);
    if (found === undefined) throw new Error(`No ${name} is exported.`);
    return found.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(found) : found;
  }

  #member(symbol: ts.Symbol, owner: string): Member {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.#checker));
    const tag = symbol.getJsDocTags(this.#checker).find(({ name }) => name === "default");
    if (text === "") throw new Error(`${owner}.${symbol.name} has no doc comment.`);
    return {
      name: symbol.name + parameters(symbol),
      text: plain(text),
      whenAbsent: tag && plain(ts.displayPartsToString(tag.text)),
    };
  }
}

function isPublic(symbol: ts.Symbol): boolean {
  const isInternal = symbol.getJsDocTags().some(({ name }) => name === "internal");
  return !isInternal && !symbol.name.startsWith("#");
}

function parameters({ valueDeclaration: declared }: ts.Symbol): string {
  if (declared === undefined || !ts.isMethodDeclaration(declared)) return "";
  const names = declared.parameters.map(
    ({ name, questionToken, initializer }) =>
      name.getText() + (questionToken === undefined && initializer === undefined ? "" : "?"),
  );
  return `(${names.join(", ")})`;
}

/** On one line, and links as what they lead to. */
function plain(comment: string): string {
  return comment
    .replace(/^\s*\*/gm, "")
    .replace(/\{@link (?:[\w]+\.)?(\w+)\}/g, "`$1`")
    .replace(/\s+/g, " ")
    .trim();
}
