package org.zonda.model.lora;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Operation.Add;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;

/**
 * Puts adapters into a description. After a linear layer with an adapter come {@code low = A x},
 * {@code change = B low} and the sum, which takes the place of the layer's value; so nothing that
 * reads it changes. Where several layers share input and tensor (parts of a fused matrix), A x is
 * computed once, and each takes its rows of B.
 *
 * <p>Linear layers of one input that stood side by side stay side by side, and so do the A's of
 * their adapters: backends run such neighbours as one.
 */
final class AdapterGraph {

  private final Map<String, Delta> deltas;
  private final List<Operation> operations = new ArrayList<>();
  private final Map<Product, Value> products = new HashMap<>();
  private int values;

  /** The product of a tensor's A and an input. */
  private record Product(String tensor, Value input) {}

  private AdapterGraph(Map<String, Delta> deltas) {
    this.deltas = deltas;
  }

  static Transformer apply(Transformer transformer, Map<String, Delta> deltas) {
    return new Transformer(
        transformer.architecture(),
        transformer.vocabularySize(),
        transformer.contextLength(),
        transformer.embedding(),
        transformer.layers().stream().map(layer -> apply(layer, deltas)).toList(),
        apply(transformer.head(), deltas));
  }

  private static Block apply(Block block, Map<String, Delta> deltas) {
    return new AdapterGraph(deltas).rewrite(block);
  }

  private Block rewrite(Block block) {
    List<Operation> all = block.operations();
    values = 1 + all.stream().mapToInt(op -> op.output().id()).max().orElse(0);
    for (int i = 0; i < all.size(); ) {
      int end = i + 1;
      if (all.get(i) instanceof Linear first) {
        while (end < all.size()
            && all.get(end) instanceof Linear next
            && next.input().equals(first.input())) {
          end++;
        }
      }
      neighbours(all.subList(i, end));
      i = end;
    }
    return new Block(block.name(), block.input(), operations, block.output());
  }

  private void neighbours(List<Operation> neighbours) {
    List<Linear> adapted = new ArrayList<>();
    List<Value> plain = new ArrayList<>();
    for (Operation operation : neighbours) {
      if (operation instanceof Linear op && deltas.containsKey(op.weight().name())) {
        Value value = value("plain_" + op.output().name(), op.output().width());
        operations.add(new Linear(op.input(), op.weight(), op.bias(), value));
        adapted.add(op);
        plain.add(value);
      } else {
        operations.add(operation);
      }
    }
    List<Value> low = adapted.stream().map(this::low).toList();
    for (int i = 0; i < adapted.size(); i++) {
      Linear op = adapted.get(i);
      Value change = value("change_of_" + op.output().name(), op.output().width());
      operations.add(new Linear(low.get(i), rowsOfB(op.weight()), Optional.empty(), change));
      operations.add(new Add(plain.get(i), change, op.output()));
    }
  }

  private Value low(Linear op) {
    String tensor = op.weight().name();
    return products.computeIfAbsent(
        new Product(tensor, op.input()),
        product -> {
          Delta delta = deltas.get(tensor);
          Value low = value("low_" + op.output().name(), delta.rank());
          Weight a = new Weight(delta.a().name(), op.weight().columns(), delta.rank(), 1);
          operations.add(new Linear(op.input(), a, Optional.empty(), low));
          return low;
        });
  }

  private Weight rowsOfB(Weight weight) {
    Delta delta = deltas.get(weight.name());
    long first = weight.firstRow() * delta.rank();
    return new Weight(delta.b().name(), delta.rank(), weight.rows(), 1, first);
  }

  private Value value(String name, int width) {
    return new Value(values++, name, width);
  }
}
