package org.zonda.model.graph;

import java.util.List;
import java.util.Optional;

/**
 * One step of the forward pass, on rows of one token each. The set is closed and small: a backend
 * implements each once, and every architecture is a list of them.
 */
public sealed interface Operation {

  /**
   * The values it reads.
   *
   * @return in the order of its record
   */
  List<Value> inputs();

  /**
   * The value it writes.
   *
   * @return its output
   */
  Value output();

  /**
   * Looks the token's row up in the embedding table.
   *
   * @param table {@code vocabulary x width}
   * @param output the row
   */
  record Embed(Weight table, Value output) implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of();
    }
  }

  /**
   * Normalises a row, or each head of it, and multiplies by a weight.
   *
   * @param kind the norm
   * @param input the row
   * @param weight {@code width} factors
   * @param epsilon added under the root
   * @param output the normalised row
   */
  record Norm(NormKind kind, Value input, Weight weight, float epsilon, Value output)
      implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of(input);
    }
  }

  /**
   * {@code output = weight * input + bias}.
   *
   * @param input {@code columns} floats
   * @param weight {@code rows x columns}
   * @param bias {@code rows} floats, or empty
   * @param output {@code rows} floats
   */
  record Linear(Value input, Weight weight, Optional<Weight> bias, Value output)
      implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of(input);
    }
  }

  /**
   * Rotates each head of a row by the token's position.
   *
   * @param input heads side by side
   * @param heads how many
   * @param rotary pairs, frequencies and magnitude
   * @param output the rotated heads
   */
  record Rotate(Value input, int heads, Rotary rotary, Value output) implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of(input);
    }
  }

  /**
   * Causal attention of each token to itself and the earlier tokens of its sequence; appends the
   * token's key and value to the KV cache first (Vaswani et al. 2017, arXiv:1706.03762; grouped
   * heads: Ainslie et al. 2023, arXiv:2305.13245).
   *
   * @param query {@code heads} heads
   * @param key {@code kvHeads} heads of the query's head width
   * @param value {@code kvHeads} heads
   * @param heads query heads; head h reads KV head {@code h / (heads / kvHeads)}
   * @param kvHeads key and value heads, a divisor of heads
   * @param scale factor on query times key
   * @param layer index of its place in the KV cache
   * @param output {@code heads} heads of the value's head width
   */
  record Attention(
      Value query,
      Value key,
      Value value,
      int heads,
      int kvHeads,
      float scale,
      int layer,
      Value output)
      implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of(query, key, value);
    }

    /**
     * Floats of one key head.
     *
     * @return the head's width
     */
    public int keyWidth() {
      return key.width() / kvHeads;
    }

    /**
     * Floats of one value head.
     *
     * @return the head's width
     */
    public int valueWidth() {
      return value.width() / kvHeads;
    }
  }

  /**
   * {@code output = activation(gate) * up}, element by element (Shazeer 2020, arXiv:2002.05202).
   *
   * @param activation the function
   * @param gate its argument
   * @param up the other factor
   * @param output the product
   */
  record Gate(Activation activation, Value gate, Value up, Value output) implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of(gate, up);
    }
  }

  /**
   * {@code output = left + right}.
   *
   * @param left a row
   * @param right a row of the same width
   * @param output the sum
   */
  record Add(Value left, Value right, Value output) implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of(left, right);
    }
  }

  /**
   * A mixture of gated feed-forward experts (Jiang et al. 2024, arXiv:2401.04088): the router's
   * softmax over all experts; the best {@code used} of them, their weights scaled to sum 1; the
   * weighted sum of {@code down(activation(gate(x)) * up(x))}. Equal probabilities go to the lower
   * index first.
   *
   * @param input the row
   * @param router {@code experts x width}
   * @param gate one {@code hidden x width} matrix an expert
   * @param up likewise
   * @param down one {@code width x hidden} matrix an expert
   * @param activation of the gate
   * @param used experts a token
   * @param output the weighted sum
   */
  record Experts(
      Value input,
      Weight router,
      Weight gate,
      Weight up,
      Weight down,
      Activation activation,
      int used,
      Value output)
      implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of(input);
    }
  }
}
