package org.zonda.model.architecture;

/** Whether a weight is accompanied by a bias. */
enum Bias {
  /** It has none; a tensor of that name would be left over, which is refused. */
  NONE,
  /** It has one where the file has a tensor of that name: models of the family differ. */
  OPTIONAL,
  /** It has one. */
  REQUIRED
}
