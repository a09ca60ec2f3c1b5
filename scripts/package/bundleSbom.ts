import { isObject, type Json, type JsonObject } from '../../shared/json';
import type { BundledPackage } from './bundledPackages';

/**
 * What `dist/` holds, out of the bill of materials of all that is installed (CycloneDX). npm cannot leave out the rest itself:
 * it takes a dependency of the app for a development dependency if a package of the workspace lists it as one.
 * @throws when the bill misses a bundled package
 */
export function bundleSbom(all: JsonObject, packages: readonly BundledPackage[], app: string): JsonObject {
  const wanted = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const components = objectsIn(all['components']).filter((component) => wanted.has(nameOf(component)));
  const found = new Set(components.map(nameOf));
  const missing = [...wanted].filter((name) => !found.has(name));
  if (missing.length > 0)
    throw new Error(`npm's bill of materials misses ${missing.join(', ')}. Run npm ci, then this again.`);

  const metadata = objectOf(all['metadata']);
  const root = objectOf(metadata['component']);
  const kept = new Set([root, ...components].map((component) => component['bom-ref'] ?? null));
  const dependencies = objectsIn(all['dependencies'])
    .filter(({ ref = null }) => kept.has(ref))
    .map(({ ref = null, dependsOn }) => ({ ref, dependsOn: listOf(dependsOn).filter((other) => kept.has(other)) }));
  // npm names the app after its folder.
  const named = { ...metadata, component: { ...root, name: app, type: 'application' } };
  return { ...all, metadata: named, components, dependencies };
}

/** `@scope/name@version`. */
function nameOf({ name, version }: JsonObject): string {
  return [name, version].filter((part) => typeof part === 'string').join('@');
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function objectsIn(value: Json | undefined): JsonObject[] {
  return listOf(value).filter(isObject);
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
