package org.zonda.runtime.tornado;

/**
 * How much a pass has to do, from which the sizes of launches follow.
 *
 * @param rows its rows
 * @param tiles its attention tiles
 */
record PassSize(int rows, int tiles) {}
