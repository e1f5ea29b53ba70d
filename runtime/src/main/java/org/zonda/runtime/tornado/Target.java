package org.zonda.runtime.tornado;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Where the launches of a step go.
 *
 * @param tasks the graph's
 * @param pass whose rows they compute
 * @param cursor the first layer of an execution
 * @param slot the layer within an execution
 * @param few whether the pass has few rows: each row is multiplied by itself then, and attention
 *     split along the sequence; else rows are multiplied, and attend, in tiles
 */
record Target(TaskList tasks, IntArray pass, IntArray cursor, int slot, boolean few) {}
