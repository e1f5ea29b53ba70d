/** Many texts at once through an executor, and their hidden states as one vector each. */
package org.zonda.runtime.embedding;
