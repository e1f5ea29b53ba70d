package org.zonda.bench.lab;

import java.util.function.Supplier;

/**
 * Data that a kernel is checked with.
 *
 * @param name sizes and what is special about it, such as {@code 37 x 96, 3 rows, bias}
 * @param finite whether all inputs are finite numbers; a device's compiler may assume that
 * @param trial makes the data: anew for each use
 */
record CheckCase(String name, boolean finite, Supplier<Trial> trial) {}
