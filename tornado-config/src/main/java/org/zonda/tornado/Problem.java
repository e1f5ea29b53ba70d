package org.zonda.tornado;

/**
 * Something that keeps TornadoVM from being used.
 *
 * @param finding what is wrong, with the file, what was found and what was expected
 * @param remedy what to do about it
 */
public record Problem(String finding, String remedy) {

  /**
   * One line.
   *
   * @return the finding and the way out
   */
  @Override
  public String toString() {
    return finding + "; " + remedy;
  }
}
