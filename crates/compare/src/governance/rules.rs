//! The kinds of changes, with what they do.

crate::change_rules! {
    FACTS_DECLARED = "DG001" "facts-declared" Behaves []
        "What an operation demands of its callers is said for the first time.";
    FACTS_WITHDRAWN = "DG002" "facts-withdrawn" Behaves []
        "Nothing is said any more of what an operation demands of its callers.";

    ACTORS_RESTRICTED = "DG010" "actors-restricted" Breaks []
        "Only some types of actors may call an operation that anyone could call.";
    ACTOR_REMOVED = "DG011" "actor-removed" Breaks []
        "A type of actor may no longer call an operation.";
    ACTOR_ADDED = "DG012" "actor-added" Adds []
        "Another type of actor may call an operation.";
    ACTORS_UNRESTRICTED = "DG013" "actors-unrestricted" Adds []
        "Any type of actor may call an operation.";
    SCOPE_ADDED = "DG014" "scope-added" Breaks []
        "Calls of an operation need a scope they did not need.";
    SCOPE_REMOVED = "DG015" "scope-removed" Adds []
        "Calls of an operation no longer need a scope.";
    ROLE_DEMANDED = "DG016" "role-demanded" Breaks []
        "Calls of an operation need another role, or one at all.";
    ROLE_DROPPED = "DG017" "role-dropped" Adds []
        "Calls of an operation need no role any more.";
    AUTH_DEMANDED = "DG018" "auth-demanded" Breaks []
        "Callers of an operation must be known.";
    AUTH_DROPPED = "DG019" "auth-dropped" Behaves []
        "Anyone may call an operation.";
    TENANT_DEMANDED = "DG020" "tenant-demanded" Breaks []
        "An operation belongs to a tenant now.";
    TENANT_DROPPED = "DG021" "tenant-dropped" Behaves []
        "An operation belongs to no tenant any more.";
    TENANT_SOURCE_CHANGED = "DG022" "tenant-source-changed" Breaks []
        "The tenant is told in another way.";

    IDEMPOTENCY_DEMANDED = "DG030" "idempotency-demanded" Breaks []
        "Calls need a key that tells repeated ones apart.";
    IDEMPOTENCY_DROPPED = "DG031" "idempotency-dropped" Breaks []
        "Repeated calls are no longer told apart.";
    IDEMPOTENCY_KEY_MOVED = "DG032" "idempotency-key-moved" Breaks []
        "The key that tells repeated calls apart is read from another place.";
    IDEMPOTENCY_WINDOW_SHORTENED = "DG033" "idempotency-window-shortened" Behaves []
        "Repeated calls are told apart for a shorter time.";
    IDEMPOTENCY_WINDOW_LENGTHENED = "DG034" "idempotency-window-lengthened" Adds []
        "Repeated calls are told apart for a longer time.";
    IDEMPOTENCY_SCOPE_CHANGED = "DG035" "idempotency-scope-changed" Behaves []
        "Whose keys are apart from each other's has changed.";
    IDEMPOTENCY_CONFLICT_CHANGED = "DG036" "idempotency-conflict-changed" Behaves []
        "Another payload under the same key gets another answer.";

    CONSENT_DEMANDED = "DG040" "consent-demanded" Breaks []
        "An operation needs a consent it did not need.";
    CONSENT_DROPPED = "DG041" "consent-dropped" Adds []
        "An operation no longer needs a consent.";
    USAGE_CHANGED = "DG042" "usage-changed" Behaves []
        "An operation is counted as something else.";
    BECAME_BILLABLE = "DG043" "became-billable" Behaves []
        "An operation is charged for.";
    NO_LONGER_BILLABLE = "DG044" "no-longer-billable" Adds []
        "An operation is no longer charged for.";
    RATE_CLASS_CHANGED = "DG045" "rate-class-changed" Behaves []
        "An operation is in another rate class.";
    RATE_LOWERED = "DG046" "rate-lowered" Breaks []
        "Fewer calls are allowed than before.";
    RATE_RAISED = "DG047" "rate-raised" Adds []
        "More calls are allowed than before.";

    REASON_CODE_REMOVED = "DG050" "reason-code-removed" Breaks []
        "A reason code is gone.";
    REASON_CODE_RENAMED = "DG051" "reason-code-renamed" Breaks []
        "A reason code has another name.";
    REASON_CODE_ADDED = "DG052" "reason-code-added" Adds []
        "A reason code is new.";
    REASON_CODE_STATUS_CHANGED = "DG053" "reason-code-status-changed" Breaks []
        "A reason code comes with another status.";
    REASON_CODE_RETRY_CHANGED = "DG054" "reason-code-retry-changed" Behaves []
        "Whether the same call may succeed later is said otherwise.";
    REASON_CODE_UNBOUND = "DG055" "reason-code-unbound" Narrows []
        "An operation no longer answers with a reason code.";
    REASON_CODE_BOUND = "DG056" "reason-code-bound" Adds []
        "An operation may answer with another reason code.";

    EMISSION_REMOVED = "DG060" "emission-removed" Breaks []
        "An operation no longer causes an event.";
    EMISSION_ADDED = "DG061" "emission-added" Adds []
        "An operation causes another event.";
    SIDE_EFFECTS_CHANGED = "DG062" "side-effects-changed" Behaves []
        "What else an operation changes has changed.";
    FACADE_CHANGED = "DG063" "facade-changed" Behaves []
        "An operation or entity shows another store.";
    ENTITY_CHANGED = "DG064" "entity-changed" Behaves []
        "An operation reads or changes the records of another entity.";
    OPERATION_DEFERRED = "DG065" "operation-deferred" Breaks []
        "An operation is no longer part of the current scope.";
    OPERATION_REQUIRED = "DG066" "operation-required" Adds []
        "An operation is part of the current scope.";
    OWNER_CHANGED = "DG067" "owner-changed" Documents []
        "Somebody else answers for a contract or operation.";
    TIER_LOWERED = "DG068" "tier-lowered" Breaks []
        "A contract or operation is promised less firmly.";
    TIER_RAISED = "DG069" "tier-raised" Adds []
        "A contract or operation is promised more firmly.";

    ENTITY_REMOVED = "DG080" "entity-removed" Breaks []
        "An entity is gone.";
    ENTITY_ADDED = "DG081" "entity-added" Adds []
        "An entity is new.";
    STATE_REMOVED = "DG082" "state-removed" Breaks []
        "Records of an entity can no longer be in a state.";
    STATE_ADDED = "DG083" "state-added" Behaves []
        "Records of an entity may be in a state that consumers do not know.";
    TRANSITION_REMOVED = "DG084" "transition-removed" Breaks []
        "Records of an entity can no longer go from one state to another.";
    TRANSITION_ADDED = "DG085" "transition-added" Adds []
        "Records of an entity may go from one state to another.";
    STATUS_FIELD_CHANGED = "DG086" "status-field-changed" Breaks []
        "The state of an entity is kept in another field.";
    ENTITY_TENANCY_CHANGED = "DG087" "entity-tenancy-changed" Behaves []
        "Whether the records of an entity belong to tenants has changed.";

    WORD_REMOVED = "DG090" "declared-word-removed" Behaves []
        "A contract no longer declares an actor, scope, rate class, consent or usage dimension.";
    WORD_ADDED = "DG091" "declared-word-added" Adds []
        "A contract declares another actor, scope, rate class, consent or usage dimension.";
    BOUNDARY_WIDENED = "DG092" "boundary-widened" Behaves []
        "Operations may cause what was beyond the boundary.";
    BOUNDARY_NARROWED = "DG093" "boundary-narrowed" Behaves []
        "Operations may no longer cause what was within the boundary.";
    TENANT_KEY_CHANGED = "DG094" "tenant-key-changed" Breaks []
        "The field that holds the tenant has another name.";

    PAGE_MAX_LOWERED = "DG100" "page-max-lowered" Breaks []
        "A page may have fewer entries than before.";
    PAGE_MAX_RAISED = "DG101" "page-max-raised" Adds []
        "A page may have more entries than before.";
    PAGE_DEFAULT_CHANGED = "DG102" "page-default-changed" Behaves []
        "A page has another number of entries unless the caller says otherwise.";
    PAGE_RULE_CHANGED = "DG103" "page-rule-changed" Behaves []
        "Pages are cut in another way, or a limit beyond the largest gets another answer.";
    UPLOAD_MAX_LOWERED = "DG104" "upload-max-lowered" Breaks []
        "An upload may be less large than before.";
    UPLOAD_MAX_RAISED = "DG105" "upload-max-raised" Adds []
        "An upload may be larger than before.";
    UPLOAD_TYPE_REMOVED = "DG106" "upload-type-removed" Breaks []
        "A type of file can no longer be uploaded.";
    UPLOAD_TYPE_ADDED = "DG107" "upload-type-added" Adds []
        "Another type of file can be uploaded.";
    TOKEN_PATH_CHANGED = "DG108" "token-path-changed" Breaks []
        "The token stands at another place of the answer.";
    BODY_FLAG_CHANGED = "DG109" "body-acceptance-changed" Behaves []
        "Whether an endpoint reads a body or an uploaded file has changed.";

    RPC_DECLARED = "DG110" "rpc-list-declared" Adds []
        "A contract says for the first time which RPCs its service must have.";
    RPC_WITHDRAWN = "DG111" "rpc-list-withdrawn" Breaks []
        "A contract no longer says which RPCs its service must have.";
    RPC_SERVICE_CHANGED = "DG112" "rpc-service-changed" Breaks []
        "A contract is about another RPC service.";
    RPC_REQUIREMENT_DROPPED = "DG113" "rpc-requirement-dropped" Breaks []
        "A service need no longer have a method.";
    RPC_REQUIREMENT_WEAKENED = "DG114" "rpc-requirement-weakened" Behaves []
        "A method that a service must have is one it may have.";
    RPC_REQUIREMENT_ADDED = "DG115" "rpc-requirement-added" Adds []
        "A service must have another method.";
    RPC_DELTA_REMOVED = "DG116" "rpc-delta-removed" Breaks []
        "A service may no longer have a method beyond its list.";
    RPC_DELTA_ADDED = "DG117" "rpc-delta-added" Adds []
        "A service may have another method beyond its list.";
    RPC_DELTA_EXPLAINED = "DG118" "rpc-delta-reason-changed" Documents []
        "Another reason stands for a method beyond the list.";
    RPC_REFERENCE_CHANGED = "DG119" "rpc-reference-changed" Behaves []
        "Whether a method decides itself has changed.";
    RPC_ERRORS_CHANGED = "DG120" "rpc-errors-changed" Breaks []
        "The error codes of a service are another enum.";
    RPC_CATALOGUE_REMOVED = "DG121" "rpc-catalogue-removed" Behaves []
        "Error codes are no longer kept apart from a catalogue of reason codes.";
    RPC_CATALOGUE_ADDED = "DG122" "rpc-catalogue-added" Adds []
        "Error codes are kept apart from another catalogue of reason codes.";
    RPC_MESSAGE_FACTS_CHANGED = "DG123" "rpc-message-facts-changed" Documents []
        "It is said otherwise where a message comes from.";

    CONTRACT_VERSION_NOT_RAISED = "DG130" "contract-version-not-raised" Documents []
        "The contract changed and its version did not.";
    CONTRACT_MAJOR_NOT_RAISED = "DG131" "contract-major-version-not-raised" Documents []
        "The contract broke and the first number of its version did not change.";
    CONTRACT_VERSION_LOWERED = "DG132" "contract-version-lowered" Documents []
        "The version of the contract went back.";
    CONTRACT_VERSION_CHANGED = "DG133" "contract-version-changed" Documents []
        "The contract has another version.";
}
