/** A strict reader of small JSON documents from untrusted files. */
package org.zonda.model.json;
