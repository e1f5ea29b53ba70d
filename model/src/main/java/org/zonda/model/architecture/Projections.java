package org.zonda.model.architecture;

import org.zonda.model.graph.Value;

/**
 * What attention reads of a token.
 *
 * @param query heads side by side
 * @param key KV heads side by side
 * @param value KV heads side by side
 */
record Projections(Value query, Value key, Value value) {}
