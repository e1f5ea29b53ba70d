package org.zonda.model.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zonda.model.ZondaException;
import org.zonda.model.tensor.Tensor;

/** Finds the two halves of each pair among a file's tensors, and checks that they fit. */
final class LowRankPairs {

  /** Known adapters stay below 1024; so sums of several stay far inside an int. */
  private static final int MAX_RANK = 1 << 16;

  private final String label;
  private final Map<String, Tensor> as = new LinkedHashMap<>();
  private final Map<String, Tensor> bs = new LinkedHashMap<>();

  /** Two matrices that belong to the module of a name. */
  record Halves(String module, Tensor a, Tensor b) {
    int rank() {
      return (int) a.dimension(1);
    }
  }

  LowRankPairs(String label) {
    this.label = label;
  }

  void addA(String module, Tensor a) {
    add(as, module, a);
  }

  void addB(String module, Tensor b) {
    add(bs, module, b);
  }

  private void add(Map<String, Tensor> halves, String module, Tensor tensor) {
    Tensor other = halves.putIfAbsent(module, tensor);
    if (other != null) {
      throw new ZondaException(
          "%s: the tensors '%s' and '%s' are for the same matrix"
              .formatted(label, other.name(), tensor.name()));
    }
  }

  /** All pairs, in the order of the file. */
  List<Halves> pairs() {
    bs.forEach(
        (module, b) -> {
          if (!as.containsKey(module)) {
            throw missing(b, "A");
          }
        });
    List<Halves> pairs = new ArrayList<>();
    as.forEach(
        (module, a) -> {
          Tensor b = bs.get(module);
          if (b == null) {
            throw missing(a, "B");
          }
          check(a, b);
          pairs.add(new Halves(module, a, b));
        });
    if (pairs.isEmpty()) {
      throw new ZondaException(label + ": holds no pair of matrices; expected a LoRA adapter");
    }
    return pairs;
  }

  private ZondaException missing(Tensor tensor, String other) {
    return new ZondaException(
        "%s: tensor '%s' has no matrix %s beside it; the adapter is incomplete"
            .formatted(label, tensor.name(), other));
  }

  private void check(Tensor a, Tensor b) {
    for (Tensor tensor : List.of(a, b)) {
      if (tensor.shape().size() > 2) {
        throw new ZondaException(
            "%s: tensor '%s' has shape %s; expected a matrix, as adapters of stacked experts and convolutions are not supported"
                .formatted(label, tensor.name(), tensor.shape()));
      }
    }
    long rank = a.dimension(1);
    if (rank < 1 || rank > MAX_RANK) {
      throw new ZondaException(
          "%s: tensor '%s' has rank %d; expected 1 to %d"
              .formatted(label, a.name(), rank, MAX_RANK));
    }
    if (b.dimension(0) != rank) {
      throw new ZondaException(
          "%s: tensor '%s' has rank %d, but '%s' has rank %d; expected the same"
              .formatted(label, a.name(), rank, b.name(), b.dimension(0)));
    }
  }
}
