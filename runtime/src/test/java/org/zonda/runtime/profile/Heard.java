package org.zonda.runtime.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Transformer;
import org.zonda.model.tensor.Tensor;
import org.zonda.runtime.backend.OperationListener;
import org.zonda.runtime.backend.OperationRun;

/** The operations of a pass, and what they must be, whichever backend ran them. */
public final class Heard implements OperationListener {

  public final List<OperationRun> runs = new ArrayList<>();

  @Override
  public void ran(OperationRun run) {
    runs.add(run);
  }

  /** Every kind of operation that a block has is heard of it, and no other. */
  public void hasAllOperations(Transformer transformer) {
    List<Block> blocks = new ArrayList<>(List.of(transformer.embedding()));
    blocks.addAll(transformer.layers());
    blocks.add(transformer.head());
    for (Block block : blocks) {
      Set<String> expected =
          block.operations().stream()
              .map(Heard::kind)
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> heard =
          of(block.name())
              .flatMap(run -> Arrays.stream(run.step().operation().split("\\+")))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(heard).as(block.name()).isEqualTo(expected);
    }
    assertThat(runs).allSatisfy(run -> assertThat(run.nanos()).isNotNegative());
    assertThat(runs).anySatisfy(run -> assertThat(run.nanos()).isPositive());
  }

  /** The record's name, without what it has in common with nobody. */
  private static String kind(Operation operation) {
    return operation.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private Stream<OperationRun> of(String block) {
    return runs.stream().filter(run -> run.step().block().equals(block));
  }

  /**
   * Each layer reads exactly its tensors, of whose bytes the file knows, and multiplies each row by
   * its matrices; of the experts, all where there are enough rows.
   */
  public void readsEachLayersTensors(Transformer transformer, ModelSource source, int rows) {
    for (int i = 0; i < transformer.layers().size(); i++) {
      String prefix = "blk." + i + ".";
      List<Tensor> tensors =
          source.tensors().stream().filter(tensor -> tensor.name().startsWith(prefix)).toList();
      assertThat(tensors).isNotEmpty();
      List<OperationRun> layer =
          of(transformer.layers().get(i).name())
              .filter(run -> !run.step().operation().contains("attention"))
              .toList();
      assertThat(layer.stream().mapToLong(OperationRun::bytes).sum())
          .as("bytes of layer %d", i)
          .isEqualTo(tensors.stream().mapToLong(tensor -> tensor.data().byteSize()).sum());
      assertThat(layer).allSatisfy(run -> assertThat(run.rows()).isEqualTo(rows));
      Set<String> roles = new HashSet<>();
      layer.forEach(run -> roles.addAll(List.of(run.step().weight().split("\\+"))));
      assertThat(roles)
          .containsAll(
              tensors.stream()
                  .filter(tensor -> tensor.name().endsWith(".weight"))
                  .map(tensor -> tensor.name().substring(prefix.length()).replace(".weight", ""))
                  .toList());
    }
  }
}
