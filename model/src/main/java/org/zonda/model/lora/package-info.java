/**
 * LoRA adapters (Hu et al. 2021, arXiv:2106.09685): read from GGUF files and PEFT folders, applied
 * to a description, or merged into a model's weights.
 */
package org.zonda.model.lora;
