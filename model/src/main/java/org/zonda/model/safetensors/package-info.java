/** Safetensors files: mapped, and checked before anything of them is used. */
package org.zonda.model.safetensors;
