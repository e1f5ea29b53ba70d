/** One file per architecture: metadata in, description of the forward pass out. */
package org.zonda.model.architecture;
