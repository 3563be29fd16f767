import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder in which an application has installed the packed package. */
    application: string;
    /** The packed package. */
    tarball: string;
  }
}

/** Packs the package and installs it as an application would, once for all test files. */
export default function setup(project: TestProject): () => void {
  const application = mkdtempSync(join(tmpdir(), 'countersign-application-'));
  const tarball = pack(application);
  install(application, tarball);
  project.provide('application', application);
  project.provide('tarball', tarball);
  return () => {
    rmSync(application, { recursive: true, force: true });
  };
}

function pack(destination: string): string {
  npm(['run', '--silent', 'built'], '.');
  // Without scripts: a build would pull `dist` away under other tests.
  const report = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', destination], '.');
  const [packed] = JSON.parse(report) as [{ filename: string }];
  return join(destination, packed.filename);
}

function install(application: string, tarball: string): void {
  writeFileSync(join(application, 'package.json'), '{ "private": true }');
  npm(['install', '--offline', '--ignore-scripts', tarball], application);
}

function npm(args: string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8' });
}
