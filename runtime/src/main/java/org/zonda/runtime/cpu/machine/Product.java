package org.zonda.runtime.cpu.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** What the products of this package share in linking and calling their functions. */
final class Product {

  private Product() {}

  /**
   * Links a function that must be there, since machine code was found to run.
   *
   * @throws IllegalStateException if it cannot be linked any more
   */
  static MethodHandle link(String name, Assembler code, FunctionDescriptor type) {
    return MachineCode.link(name, code, type)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    name + ": " + MachineCode.reason().orElse("no machine code")));
  }

  /**
   * Distances are not negative: what is checked is where the last row ends.
   *
   * @throws IllegalArgumentException if one is
   */
  static void checkDistances(long... distances) {
    for (long distance : distances) {
      if (distance < 0) {
        throw new IllegalArgumentException("distance: " + distance);
      }
    }
  }

  /**
   * How many tokens the next turns take: as many as fit, but the last two turns share what is left.
   *
   * @param tokens how many are left
   * @param most of a turn
   */
  static int turnTokens(int tokens, int most) {
    return tokens >= 2 * most || tokens == most ? most : tokens > most ? (tokens + 1) / 2 : tokens;
  }

  /** How many turns of so many tokens come next, before the last two share what is left. */
  static int turns(int tokens, int most) {
    return Math.max(1, tokens % most == 0 ? tokens / most : tokens / most - 1);
  }

  /** Handles throw anything, but the functions here nothing. */
  static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case RuntimeException exception -> exception;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
