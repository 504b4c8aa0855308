//! The kinds of changes, with what they do.

crate::change_rules! {
    EVENT_REMOVED = "DA001" "event-removed" Breaks []
        "An event is gone.";
    EVENT_ADDED = "DA002" "event-added" Adds []
        "An event is new.";
    MINIMUM_FIELD_REMOVED = "DA003" "event-field-not-promised" Breaks []
        "A field that every payload of an event had may be missing.";
    MINIMUM_FIELD_ADDED = "DA004" "event-field-promised" Adds []
        "Every payload of an event has another field.";
    DELIVERY_WEAKENED = "DA005" "delivery-weakened" Breaks []
        "An event is delivered less surely.";
    DELIVERY_CHANGED = "DA006" "delivery-changed" Behaves []
        "An event is delivered in another way.";
    DEDUPLICATION_CHANGED = "DA007" "deduplication-changed" Breaks []
        "A repeated delivery is told from a new event by another field.";
    ORDERING_WEAKENED = "DA008" "ordering-weakened" Breaks []
        "Events come in an order that promises less.";
    ORDERING_CHANGED = "DA009" "ordering-changed" Behaves []
        "Events come in another order.";
    EVENT_HIDDEN = "DA010" "event-hidden" Breaks []
        "Others may no longer subscribe to an event.";
    EVENT_PUBLISHED = "DA011" "event-published" Adds []
        "Others may subscribe to an event.";

    DOCUMENT_REMOVED = "DA020" "async-document-removed" Breaks []
        "An AsyncAPI document is gone.";
    DOCUMENT_ADDED = "DA021" "async-document-added" Adds []
        "An AsyncAPI document is new.";
    CHANNEL_REMOVED = "DA022" "channel-removed" Breaks []
        "A channel is gone.";
    CHANNEL_ADDED = "DA023" "channel-added" Adds []
        "A channel is new.";
    CHANNEL_ADDRESS_CHANGED = "DA024" "channel-address-changed" Breaks []
        "Messages of a channel go to another address.";
    CHANNEL_SERVER_REMOVED = "DA025" "channel-server-removed" Breaks []
        "A channel is no longer offered at a server.";
    CHANNEL_SERVER_ADDED = "DA026" "channel-server-added" Adds []
        "A channel is offered at another server.";

    ACTION_REMOVED = "DA030" "async-operation-removed" Breaks []
        "The application no longer sends to, or receives from, a channel.";
    ACTION_ADDED = "DA031" "async-operation-added" Adds []
        "The application sends to, or receives from, a channel.";
    ACTION_CHANGED = "DA032" "async-operation-moved" Breaks []
        "An operation does another thing, or on another channel.";
    REPLY_REMOVED = "DA033" "reply-removed" Breaks []
        "An operation is no longer answered.";
    REPLY_ADDED = "DA034" "reply-added" Adds []
        "An operation is answered.";
    REPLY_CHANGED = "DA035" "reply-moved" Breaks []
        "The answer to an operation goes elsewhere.";
    ASYNC_SECURITY_ADDED = "DA036" "async-security-required" Breaks []
        "A connection or operation needs credentials that it did not need.";
    ASYNC_SECURITY_REMOVED = "DA037" "async-security-removed" Breaks []
        "One of the ways to prove who connects is gone.";
    ASYNC_SECURITY_WAY_ADDED = "DA038" "async-security-alternative-added" Adds []
        "There is another way to prove who connects, or none is needed.";

    MESSAGE_REMOVED = "DA040" "channel-message-removed" Breaks []
        "A message is no longer sent or taken.";
    MESSAGE_ADDED = "DA041" "channel-message-added" Adds []
        "Another message is sent or taken.";
    CONTENT_TYPE_CHANGED = "DA042" "message-content-type-changed" Breaks []
        "A message has another content type.";
    CORRELATION_CHANGED = "DA043" "correlation-changed" Breaks []
        "Messages of one conversation are told in another way, or no longer.";
    CORRELATION_ADDED = "DA044" "correlation-added" Adds []
        "Messages of one conversation can be told.";
    PAYLOAD_LANGUAGE_CHANGED = "DA045" "payload-language-changed" Breaks []
        "The schema of a payload is written in another language.";
    PAYLOAD_REMOVED = "DA046" "payload-schema-removed" Widens []
        "A payload that had a schema may be anything.";
    PAYLOAD_ADDED = "DA047" "payload-schema-added" Narrows []
        "A payload of which nothing was said has a schema.";
    PAYLOAD_CHANGED = "DA048" "payload-changed" Breaks []
        "A payload in a language that is not read here was written otherwise.";
    HEADERS_REMOVED = "DA049" "message-headers-removed" Widens []
        "Headers of a message that had a schema may be anything.";
    HEADERS_ADDED = "DA050" "message-headers-added" Narrows []
        "Headers of a message have a schema.";
    BINDING_REMOVED = "DA051" "binding-removed" Behaves []
        "Nothing is said any more of how a protocol carries something.";
    BINDING_ADDED = "DA052" "binding-added" Adds []
        "It is said how a protocol carries something.";
    BINDING_CHANGED = "DA053" "binding-changed" Behaves []
        "A protocol carries something in another way.";
    ASYNC_TEXT_CHANGED = "DA054" "async-documentation-changed" Documents []
        "What people read about a message, operation or channel is written otherwise.";

    BROKER_REMOVED = "DA060" "async-server-removed" Breaks []
        "A server of messages is gone.";
    BROKER_ADDED = "DA061" "async-server-added" Adds []
        "There is another server of messages.";
    BROKER_MOVED = "DA062" "async-server-moved" Breaks []
        "A server of messages is found elsewhere or speaks another protocol.";
    BROKER_VERSION_CHANGED = "DA063" "async-server-version-changed" Behaves []
        "A server of messages speaks another version of its protocol.";

    AVRO_TYPE_CHANGED = "DA070" "avro-type-changed" Breaks []
        "Values of an Avro type are written so that the other side cannot read them.";
    AVRO_FIELD_MISSING = "DA071" "avro-field-missing" Breaks []
        "A field that the reader needs is not written any more, or not written yet.";
    AVRO_FIELD_REMOVED = "DA072" "avro-field-removed" Adds []
        "A field is gone that the reader can do without.";
    AVRO_FIELD_ADDED = "DA073" "avro-field-added" Adds []
        "A field is new that the reader can do without.";
    AVRO_SYMBOL_UNKNOWN = "DA074" "avro-symbol-unknown" Breaks []
        "An enum may have a symbol that the reader does not know.";
    AVRO_WIDENED = "DA075" "avro-type-compatible" Adds []
        "A type of an Avro schema changed so that the other side still reads it.";

    ASYNC_VERSION_NOT_RAISED = "DA080" "async-version-not-raised" Documents []
        "The application changed and its version did not.";
    ASYNC_MAJOR_NOT_RAISED = "DA081" "async-major-version-not-raised" Documents []
        "The application broke and the first number of its version did not change.";
    ASYNC_VERSION_LOWERED = "DA082" "async-version-lowered" Documents []
        "The version of the application went back.";
    ASYNC_VERSION_CHANGED = "DA083" "async-version-changed" Documents []
        "The application has another version.";
}
