/** Chats as the prompts that models were trained on. */
package org.zonda.model.chat;
