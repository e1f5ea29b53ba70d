package org.zonda.runtime.backend;

/**
 * What a stage computes at once: an operation of a block, or several that run as one.
 *
 * @param operation such as {@code linear}; of several joined with {@code +}, such as {@code
 *     linear+gate}
 * @param weight the names of its weights without their layer, such as {@code ffn_down} or {@code
 *     attn_q+attn_k+attn_v}; empty where it has none
 * @param format how they are stored, such as {@code Q4_K} or {@code Q4_K+Q6_K}; empty where it has
 *     none
 * @param block where it belongs, such as {@code layer 3}
 */
public record OperationStep(String operation, String weight, String format, String block) {}
