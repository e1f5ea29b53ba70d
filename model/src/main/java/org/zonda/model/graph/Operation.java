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

  /** Which row of a table an {@link Embed} looks up. */
  enum Row {
    /** That of the token's id. */
    TOKEN,
    /** That of the token's position in its sequence. */
    POSITION,
    /** The first, that of the first segment; others are not in use. */
    SEGMENT
  }

  /**
   * Looks a row up in an embedding table.
   *
   * @param row which
   * @param table {@code vocabulary x width}, {@code context x width} or {@code segments x width}
   * @param output the row
   */
  record Embed(Row row, Weight table, Value output) implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of();
    }
  }

  /**
   * Normalises a row, or each head of it by itself, multiplies by a weight and adds a bias.
   *
   * @param kind the norm
   * @param input the row
   * @param heads equal parts of the row, each normalised by itself; 1 for the whole row
   * @param weight factors, as many as a head is wide if all heads share them, or as the row is wide
   * @param bias of the weight's shape, or empty
   * @param epsilon added under the root
   * @param output the normalised row
   */
  record Norm(
      NormKind kind,
      Value input,
      int heads,
      Weight weight,
      Optional<Weight> bias,
      float epsilon,
      Value output)
      implements Operation {

    /** Checks that the heads are equal and the weight has the width of one or of all. */
    public Norm {
      int elements = weight.columns() * weight.rows();
      if (input.width() % heads != 0
          || elements != input.width() / heads && elements != input.width()) {
        throw new IllegalArgumentException(weight + " cannot norm " + heads + " heads of " + input);
      }
    }

    /**
     * Floats that are normalised together.
     *
     * @return the width of a head
     */
    public int headWidth() {
      return input.width() / heads;
    }

    /**
     * Whether all heads are multiplied by the same factors.
     *
     * @return true also for a single head
     */
    public boolean isShared() {
      return weight.columns() * weight.rows() == headWidth();
    }

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
   * Attention of each token to the tokens of its sequence that the mask shows; appends the token's
   * key and value to the KV cache first (Vaswani et al. 2017, arXiv:1706.03762; grouped heads:
   * Ainslie et al. 2023, arXiv:2305.13245).
   *
   * @param query {@code heads} heads
   * @param key {@code kvHeads} heads of the query's head width
   * @param value {@code kvHeads} heads
   * @param heads query heads; head h reads KV head {@code h / (heads / kvHeads)}
   * @param kvHeads key and value heads, a divisor of heads
   * @param scores how products of queries and keys become scores
   * @param mask which positions are seen
   * @param layer index of its place in the KV cache
   * @param output {@code heads} heads of the value's head width
   */
  record Attention(
      Value query,
      Value key,
      Value value,
      int heads,
      int kvHeads,
      Scores scores,
      Mask mask,
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
   * {@code output = activation(input)}, element by element.
   *
   * @param activation the function
   * @param input its argument
   * @param output the result
   */
  record Activate(Activation activation, Value input, Value output) implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of(input);
    }
  }

  /**
   * {@code output = factor * input}.
   *
   * @param input a row
   * @param factor the factor
   * @param output the scaled row
   */
  record Scale(Value input, float factor, Value output) implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of(input);
    }
  }

  /**
   * {@code output = cap * tanh(input / cap)}, element by element (Gemma 2, arXiv:2408.00118).
   *
   * @param input a row
   * @param cap the bound, greater than 0
   * @param output the bounded row
   */
  record SoftCap(Value input, float cap, Value output) implements Operation {
    @Override
    public List<Value> inputs() {
      return List.of(input);
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
