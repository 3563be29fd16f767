/**
 * Shapes the API reference: pages are called by their headings and stand in the order of typedoc.json, and the exports of
 * the main entry point are grouped by what one wants to do with them.
 */
import { Comment, CommentTag, Converter } from 'typedoc';
import categories from './categories.json' with { type: 'json' };

const MAIN = 'countersign';
const places = new Map(
  Object.values(categories)
    .flat()
    .map((name, place) => [name, place]),
);

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, page) => {
    nameAfterHeading(page);
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    // The theme writes the project's name above the README.
    const [first] = project.readme ?? [];
    if (first !== undefined) first.text = first.text.replace(/^# .+\n+/, '');
    for (const page of project.documents ?? []) page.frontmatter.category = partOf(project, page);
    for (const module of project.children ?? []) tag(module, 'Reference');
    for (const [category, names] of Object.entries(categories)) {
      for (const name of names) tag(exportOf(project, name), category);
    }
  });
  // After the categories are made, which would otherwise be in the order of the alphabet.
  const LATE = -1000;
  app.converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project }) => {
      for (const category of mainOf(project).categories ?? []) {
        category.children.sort((one, other) => (places.get(one.name) ?? 0) - (places.get(other.name) ?? 0));
      }
    },
    LATE,
  );
}

/** The heading may hold code, which is a part of its own. */
function nameAfterHeading(page) {
  const text = page.content.map((part) => part.text).join('');
  page.name = (/^# (.+)$/m.exec(text)?.[1] ?? page.name).replaceAll('`', '');
}

/** The part of the navigation that a page stands in, by its folder. */
function partOf(project, page) {
  const file = project.files.getReflectionPath(page) ?? '';
  if (file.includes('/docs/guides/coming-from/')) return 'Coming from';
  if (file.includes('/docs/guides/')) return 'Guides';
  if (file.includes('/examples/')) return 'Examples';
  if (file.includes('/docs/decisions/')) return 'Decisions';
  return 'Project';
}

function mainOf(project) {
  const main = project.children?.find(({ name }) => name === MAIN);
  if (main === undefined) throw new Error(`there is no module ${MAIN}`);
  return main;
}

function exportOf(project, name) {
  const found = mainOf(project).children?.find((child) => child.name === name);
  if (found === undefined)
    throw new Error(`docs/typedoc/categories.json names ${name}, which is not exported`);
  return found;
}

function tag(reflection, category) {
  const documented = reflection.signatures?.[0] ?? reflection;
  documented.comment ??= new Comment();
  documented.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: category }]));
}
