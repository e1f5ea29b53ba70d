package org.zonda.runtime.tornado;

import java.util.List;
import java.util.function.Function;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Operation.Activate;
import org.zonda.model.graph.Operation.Add;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Operation.Embed;
import org.zonda.model.graph.Operation.Experts;
import org.zonda.model.graph.Operation.Gate;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Operation.Norm;
import org.zonda.model.graph.Operation.Rotate;
import org.zonda.model.graph.Operation.Scale;
import org.zonda.model.graph.Operation.SoftCap;
import org.zonda.model.graph.Weight;

/**
 * All of a layer but its weights' contents and its place in the cache. Layers of equal shape run by
 * the same kernels.
 *
 * @param parts what each operation is made of
 */
record LayerShape(List<Object> parts) {

  /**
   * Describes a layer.
   *
   * @param layer the layer
   * @param format how a weight is stored
   */
  static LayerShape of(Block layer, Function<Weight, ?> format) {
    return new LayerShape(
        layer.operations().stream()
            .<Object>map(operation -> List.of(operation.getClass(), describe(operation, format)))
            .toList());
  }

  private static List<?> describe(Operation operation, Function<Weight, ?> format) {
    List<?> values = List.of(operation.inputs(), operation.output());
    return switch (operation) {
      case Embed op -> List.of(values, op.row(), shape(op.table(), format));
      case Norm op ->
          List.of(
              values,
              op.kind(),
              op.heads(),
              op.weight().columns(),
              op.bias().map(Weight::columns),
              op.epsilon());
      case Linear op -> List.of(values, shape(op.weight(), format), op.bias().map(Weight::columns));
      case Rotate op -> List.of(values, op.heads(), op.rotary());
      case Attention op -> List.of(values, op.heads(), op.kvHeads(), op.scores(), op.mask());
      case Gate op -> List.of(values, op.activation());
      case Add op -> values;
      case Activate op -> List.of(values, op.activation());
      case Scale op -> List.of(values, op.factor());
      case SoftCap op -> List.of(values, op.cap());
      case Experts op ->
          List.of(
              values,
              shape(op.router(), format),
              shape(op.gate(), format),
              shape(op.up(), format),
              shape(op.down(), format),
              op.activation(),
              op.used());
    };
  }

  private static List<?> shape(Weight weight, Function<Weight, ?> format) {
    return List.of(weight.columns(), weight.rows(), weight.matrices(), format.apply(weight));
  }
}
