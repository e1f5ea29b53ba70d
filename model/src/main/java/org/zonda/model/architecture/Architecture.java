package org.zonda.model.architecture;

import java.util.List;
import org.zonda.model.graph.Transformer;

/**
 * Turns a model's metadata into the description of its forward pass. Adding an architecture is one
 * implementation and one line in {@link Architectures}; no backend changes.
 */
public interface Architecture {

  /**
   * The values of {@code general.architecture} that it describes.
   *
   * @return one or more names
   */
  List<String> names();

  /**
   * The published models that are of this architecture, for people.
   *
   * @return those that are well known, not all
   */
  List<Family> families();

  /**
   * Describes a model.
   *
   * @param fields metadata and tensors; the tensors' shapes are checked, their data is not read
   *     (except for small tables of constants such as {@code rope_freqs})
   * @return the immutable forward pass
   * @throws org.zonda.model.ZondaException if metadata is missing or absurd, or if a tensor is
   *     missing or of another shape; the message names it
   */
  Transformer describe(ModelFields fields);
}
