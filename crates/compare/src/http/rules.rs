//! The kinds of changes, with what they do.

crate::change_rules! {
    OPERATION_REMOVED = "DH001" "operation-removed" Breaks
        ["oasdiff:api-removed-without-deprecation", "oasdiff:api-removed-before-sunset"]
        "An operation is gone.";
    OPERATION_ADDED = "DH002" "operation-added" Adds ["oasdiff:endpoint-added"]
        "An operation is new.";
    PATH_REMOVED = "DH003" "path-removed" Breaks
        ["oasdiff:api-path-removed-without-deprecation", "oasdiff:api-path-removed-before-sunset"]
        "A path is gone with all its operations.";
    OPERATION_MOVED = "DH004" "operation-moved" Breaks []
        "An operation is answered under another path.";
    REMOVED_AFTER_SUNSET = "DH005" "removed-after-sunset" Behaves
        ["oasdiff:api-removed-with-deprecation", "oasdiff:api-path-removed-with-deprecation",
         "oasdiff:request-parameter-removed-with-deprecation"]
        "What was deprecated is gone, and its sunset is over.";
    WEBHOOK_REMOVED = "DH006" "webhook-removed" Breaks ["oasdiff:webhook-removed"]
        "A webhook is no longer called.";
    WEBHOOK_ADDED = "DH007" "webhook-added" Adds ["oasdiff:webhook-added"]
        "A webhook is new.";
    CALLBACK_REMOVED = "DH008" "callback-removed" Breaks []
        "A callback is no longer called.";
    CALLBACK_ADDED = "DH009" "callback-added" Adds []
        "A callback is new.";
    API_REMOVED = "DH010" "api-removed" Breaks []
        "An API document is gone with all its operations.";
    API_ADDED = "DH011" "api-added" Adds []
        "An API document is new.";

    DEPRECATED = "DH020" "deprecated" Adds
        ["oasdiff:endpoint-deprecated", "oasdiff:endpoint-deprecated-with-sunset",
         "oasdiff:request-parameter-deprecated"]
        "An operation or parameter is deprecated now.";
    REACTIVATED = "DH021" "reactivated" Adds
        ["oasdiff:endpoint-reactivated", "oasdiff:request-parameter-reactivated"]
        "An operation or parameter is no longer deprecated.";
    DEPRECATION_UNDATED = "DH022" "deprecation-without-sunset" Breaks
        ["oasdiff:api-deprecated-sunset-missing", "oasdiff:request-parameter-deprecated-sunset-missing"]
        "A stable contract deprecates something without saying until when it is there.";
    SUNSET_TOO_SOON = "DH023" "sunset-too-soon" Breaks
        ["oasdiff:api-sunset-date-too-small", "oasdiff:request-parameter-sunset-date-too-small"]
        "The sunset comes sooner after the announcement than consumers are promised.";
    SUNSET_BROUGHT_FORWARD = "DH024" "sunset-brought-forward" Breaks
        ["oasdiff:api-sunset-date-changed-too-small",
         "oasdiff:request-parameter-sunset-date-changed-too-small"]
        "The sunset comes sooner than it was announced.";
    SUNSET_PUT_OFF = "DH025" "sunset-put-off" Adds []
        "The sunset comes later than it was announced.";
    SUNSET_WITHDRAWN = "DH026" "sunset-withdrawn" Breaks
        ["oasdiff:sunset-deleted", "oasdiff:request-parameter-sunset-deleted"]
        "What is deprecated has no sunset any more.";
    SUNSET_UNREADABLE = "DH027" "sunset-unreadable" Breaks
        ["oasdiff:api-deprecated-sunset-parse", "oasdiff:api-path-sunset-parse",
         "oasdiff:request-parameter-sunset-parse"]
        "The sunset is no date.";
    STABILITY_LOWERED = "DH028" "stability-lowered" Breaks ["oasdiff:api-stability-decreased"]
        "The stability level of an operation was lowered.";
    STABILITY_RAISED = "DH029" "stability-raised" Adds ["oasdiff:api-stability-increased"]
        "The stability level of an operation was raised.";
    STABILITY_UNKNOWN = "DH030" "stability-unknown" Breaks ["oasdiff:api-invalid-stability-level"]
        "The stability level of an operation is none that is known.";

    PARAMETER_ADDED_REQUIRED = "DH040" "parameter-added-required" Narrows
        ["oasdiff:new-required-request-parameter", "oasdiff:new-request-path-parameter",
         "oasdiff:new-required-request-default-parameter-to-existing-path"]
        "A parameter is new and must be given.";
    PARAMETER_ADDED_OPTIONAL = "DH041" "parameter-added-optional" Adds
        ["oasdiff:new-optional-request-parameter",
         "oasdiff:new-optional-request-default-parameter-to-existing-path"]
        "A parameter is new and may be given.";
    PARAMETER_REMOVED = "DH042" "parameter-removed" Behaves
        ["oasdiff:request-parameter-removed", "oasdiff:request-parameter-removed-before-sunset"]
        "A parameter is gone: what callers say with it is no longer heard.";
    PARAMETER_BECAME_REQUIRED = "DH043" "parameter-became-required" Narrows
        ["oasdiff:request-parameter-became-required"]
        "A parameter that could be left out must be given.";
    PARAMETER_BECAME_OPTIONAL = "DH044" "parameter-became-optional" Widens
        ["oasdiff:request-parameter-became-optional"]
        "A parameter that had to be given may be left out.";
    PARAMETER_MOVED = "DH045" "parameter-moved" Breaks []
        "A parameter is read from another place.";
    PARAMETER_STYLE_CHANGED = "DH046" "parameter-style-changed" Breaks []
        "The values of a parameter are written in another way.";
    PARAMETER_RESERVED_REFUSED = "DH047" "parameter-reserved-refused" Narrows []
        "A parameter no longer takes reserved characters as they are.";
    PARAMETER_RESERVED_ALLOWED = "DH048" "parameter-reserved-allowed" Widens []
        "A parameter takes reserved characters as they are.";
    PARAMETER_EMPTY_REFUSED = "DH049" "parameter-empty-refused" Narrows []
        "A parameter no longer may be given without a value.";
    PARAMETER_EMPTY_ALLOWED = "DH050" "parameter-empty-allowed" Widens []
        "A parameter may be given without a value.";
    PARAMETER_CONTENT_CHANGED = "DH051" "parameter-content-changed" Breaks []
        "The value of a parameter is of another media type.";

    BODY_ADDED_REQUIRED = "DH060" "request-body-added-required" Narrows ["oasdiff:request-body-added-required"]
        "An operation that took no body demands one.";
    BODY_ADDED_OPTIONAL = "DH061" "request-body-added-optional" Adds ["oasdiff:request-body-added-optional"]
        "An operation that took no body takes one.";
    BODY_REMOVED = "DH062" "request-body-removed" Breaks ["oasdiff:request-body-removed"]
        "An operation that took a body takes none.";
    BODY_BECAME_REQUIRED = "DH063" "request-body-became-required" Narrows
        ["oasdiff:request-body-became-required"]
        "A body that could be left out must be given.";
    BODY_BECAME_OPTIONAL = "DH064" "request-body-became-optional" Widens
        ["oasdiff:request-body-became-optional"]
        "A body that had to be given may be left out.";
    MEDIA_TYPE_ADDED = "DH065" "media-type-added" Adds
        ["oasdiff:request-body-media-type-added", "oasdiff:response-media-type-added"]
        "A body may be of another media type too.";
    MEDIA_TYPE_REMOVED = "DH066" "media-type-removed" Breaks
        ["oasdiff:request-body-media-type-removed", "oasdiff:response-media-type-removed"]
        "A body can no longer be of a media type.";
    MEDIA_TYPE_WIDENED = "DH067" "media-type-widened" Widens
        ["oasdiff:response-media-type-name-generalized"]
        "A body may be of any media type of a wider range.";
    MEDIA_TYPE_NARROWED = "DH068" "media-type-narrowed" Narrows
        ["oasdiff:response-media-type-name-specialized"]
        "A body must be of a media type within the range that was allowed.";
    MEDIA_TYPE_PARAMETERS_CHANGED = "DH069" "media-type-parameters-changed" Behaves
        ["oasdiff:response-media-type-name-changed"]
        "The same media type is said with other parameters.";
    MEDIA_SCHEMA_ADDED = "DH070" "body-schema-added" Narrows
        ["oasdiff:request-body-media-type-schema-added", "oasdiff:response-body-media-type-schema-added"]
        "A body of which nothing was said has a schema.";
    MEDIA_SCHEMA_REMOVED = "DH071" "body-schema-removed" Widens
        ["oasdiff:request-body-media-type-schema-removed", "oasdiff:response-body-media-type-schema-removed"]
        "A body that had a schema may be anything.";
    ENCODING_CHANGED = "DH072" "part-encoding-changed" Breaks []
        "A part of a form is encoded in another way.";
    FORM_FIELD_REMOVED = "DH073" "form-field-removed" Behaves []
        "A field of a form is gone.";

    SUCCESS_REMOVED = "DH080" "success-status-removed" Breaks ["oasdiff:response-success-status-removed"]
        "An operation no longer answers with a status that meant success.";
    SUCCESS_ADDED = "DH081" "success-status-added" Behaves ["oasdiff:response-success-status-added"]
        "An operation may answer with a status of success that callers do not know.";
    FAILURE_REMOVED = "DH082" "failure-status-removed" Narrows
        ["oasdiff:response-non-success-status-removed"]
        "An operation no longer answers with a status other than success.";
    FAILURE_ADDED = "DH083" "failure-status-added" Adds ["oasdiff:response-non-success-status-added"]
        "An operation may answer with another status than success.";
    HEADER_REMOVED = "DH084" "response-header-removed" Breaks
        ["oasdiff:required-response-header-removed", "oasdiff:optional-response-header-removed"]
        "An answer no longer has a header.";
    HEADER_ADDED = "DH085" "response-header-added" Adds ["oasdiff:response-header-added"]
        "An answer has another header.";
    HEADER_BECAME_OPTIONAL = "DH086" "response-header-became-optional" Widens
        ["oasdiff:response-header-became-optional"]
        "A header that every answer had may be missing.";
    HEADER_BECAME_REQUIRED = "DH087" "response-header-became-required" Narrows []
        "A header that could be missing is in every answer.";
    LINK_REMOVED = "DH088" "link-removed" Behaves []
        "An answer no longer says where to go from it.";
    LINK_ADDED = "DH089" "link-added" Adds []
        "An answer says where to go from it.";
    LINK_CHANGED = "DH090" "link-changed" Behaves []
        "A link of an answer leads elsewhere.";

    SECURITY_ADDED = "DH100" "security-required" Narrows
        ["oasdiff:api-security-added", "oasdiff:api-global-security-added"]
        "Calls need credentials that needed none.";
    SECURITY_DROPPED = "DH101" "security-dropped" Widens []
        "Calls need no credentials any more.";
    SECURITY_WAY_REMOVED = "DH102" "security-alternative-removed" Narrows
        ["oasdiff:api-security-removed", "oasdiff:api-global-security-removed"]
        "One of the ways to prove who calls is gone.";
    SECURITY_WAY_ADDED = "DH103" "security-alternative-added" Widens []
        "There is another way to prove who calls.";
    SECURITY_SCOPE_ADDED = "DH104" "security-scope-added" Narrows
        ["oasdiff:api-security-scope-added", "oasdiff:api-global-security-scope-added"]
        "Calls need a scope they did not need.";
    SECURITY_SCOPE_REMOVED = "DH105" "security-scope-removed" Widens
        ["oasdiff:api-security-scope-removed", "oasdiff:api-global-security-scope-removed"]
        "Calls no longer need a scope.";
    SCHEME_ADDED = "DH106" "security-scheme-added" Adds ["oasdiff:api-security-component-added"]
        "A security scheme is declared.";
    SCHEME_REMOVED = "DH107" "security-scheme-removed" Behaves ["oasdiff:api-security-component-removed"]
        "A security scheme is no longer declared.";
    SCHEME_CHANGED = "DH108" "security-scheme-changed" Breaks
        ["oasdiff:api-security-component-type-changed"]
        "Credentials are given in another way.";
    SCHEME_URL_CHANGED = "DH109" "security-scheme-url-changed" Behaves
        ["oasdiff:api-security-component-oauth-url-changed",
         "oasdiff:api-security-component-oauth-token-url-changed"]
        "Credentials are fetched from another place.";
    FLOW_REMOVED = "DH110" "oauth-flow-removed" Breaks []
        "A flow of OAuth 2.0 is gone.";
    FLOW_ADDED = "DH111" "oauth-flow-added" Adds []
        "There is another flow of OAuth 2.0.";
    SCHEME_SCOPE_REMOVED = "DH112" "oauth-scope-removed" Breaks
        ["oasdiff:api-security-component-oauth-scope-removed"]
        "A scope can no longer be asked for.";
    SCHEME_SCOPE_ADDED = "DH113" "oauth-scope-added" Adds
        ["oasdiff:api-security-component-oauth-scope-added"]
        "Another scope can be asked for.";
    SCHEME_SCOPE_CHANGED = "DH114" "oauth-scope-described" Documents
        ["oasdiff:api-security-component-oauth-scope-changed"]
        "A scope is described in other words.";

    SERVER_REMOVED = "DH120" "server-removed" Breaks []
        "The API is no longer offered at a place.";
    SERVER_ADDED = "DH121" "server-added" Adds []
        "The API is offered at another place too.";
    SERVER_VALUE_REMOVED = "DH122" "server-value-removed" Breaks []
        "A part of a server's URL can no longer have a value.";
    SERVER_VALUE_ADDED = "DH123" "server-value-added" Adds []
        "A part of a server's URL may have another value.";
    SERVER_DEFAULT_CHANGED = "DH124" "server-default-changed" Behaves []
        "A part of a server's URL has another value unless the caller says otherwise.";

    OPERATION_ID_CHANGED = "DH130" "operation-id-changed" Behaves
        ["oasdiff:api-operation-id-removed"]
        "An operation has another id or none: generated clients have another method.";
    OPERATION_ID_ADDED = "DH131" "operation-id-added" Adds ["oasdiff:api-operation-id-added"]
        "An operation has an id.";
    TAG_REMOVED = "DH132" "tag-removed" Documents ["oasdiff:api-tag-removed"]
        "An operation or document has no longer a tag.";
    TAG_ADDED = "DH133" "tag-added" Documents ["oasdiff:api-tag-added"]
        "An operation or document has another tag.";
    DESCRIPTION_CHANGED = "DH134" "documentation-changed" Documents []
        "What people read about something is written otherwise.";
    EXAMPLE_CHANGED = "DH135" "example-changed" Documents []
        "An example is another one. Examples explain a contract, they are none.";
    COMPONENT_REMOVED = "DH136" "schema-component-removed" Documents ["oasdiff:api-schema-removed"]
        "A schema is no longer kept under its name.";
    VERSION_NOT_RAISED = "DH137" "version-not-raised" Documents ["oasdiff:api-version-not-bumped"]
        "The API changed and its version did not.";
    MAJOR_NOT_RAISED = "DH138" "major-version-not-raised" Documents
        ["oasdiff:api-major-version-not-bumped"]
        "The API broke and the first number of its version did not change.";
    VERSION_LOWERED = "DH139" "version-lowered" Documents ["oasdiff:api-version-decreased"]
        "The version of the API went back.";
    VERSION_CHANGED = "DH140" "version-changed" Documents []
        "The API has another version.";
}
