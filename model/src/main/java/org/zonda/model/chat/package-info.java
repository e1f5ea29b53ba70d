/**
 * Chats as the prompts that models were trained on. A format renders to parts of two kinds, its own
 * words and the messages' contents, so that contents cannot forge special tokens.
 */
package org.zonda.model.chat;
