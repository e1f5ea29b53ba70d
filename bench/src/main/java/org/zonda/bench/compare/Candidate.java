package org.zonda.bench.compare;

import org.zonda.runtime.LoadOptions;

/**
 * A way to run a model, to be compared with others.
 *
 * @param name what the report calls it, such as {@code GPU, 16 layers}
 * @param options where it runs; what they say of sizes is not looked at
 */
public record Candidate(String name, LoadOptions options) {}
