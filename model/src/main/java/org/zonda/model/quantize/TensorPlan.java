package org.zonda.model.quantize;

import java.util.Optional;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * What becomes of one tensor.
 *
 * @param source the tensor as it is
 * @param type what it is to be stored as; its own type where it is copied
 * @param wanted what the mix wanted, where the length of the rows forbids that
 */
public record TensorPlan(Tensor source, TensorType type, Optional<TensorType> wanted) {

  /**
   * Whether its bytes stay as they are.
   *
   * @return true where the type does not change
   */
  public boolean isCopy() {
    return type == source.type();
  }

  /**
   * Whether rounded numbers are rounded again.
   *
   * @return true for a conversion from one quantised type to another
   */
  public boolean isRequantised() {
    return !isCopy() && source.type().blockElements() > 1 && type.blockElements() > 1;
  }

  /**
   * The bytes it will take.
   *
   * @return without padding
   */
  public long bytes() {
    return type.bytes(source.elements());
  }
}
