using System;

namespace Atoll.Services.Http.Engine;

/// <summary>Status codes. Source: RFC 9110, "Status Codes"; RFC 6585.</summary>
public enum HttpStatus
{
    /// <summary>Here it is.</summary>
    Ok = 200,

    /// <summary>Done; there is nothing to show.</summary>
    NoContent = 204,

    /// <summary>The part that was asked for.</summary>
    PartialContent = 206,

    /// <summary>The client has it already.</summary>
    NotModified = 304,

    /// <summary>This is no request.</summary>
    BadRequest = 400,

    /// <summary>There is nothing of this name.</summary>
    NotFound = 404,

    /// <summary>Not with this method.</summary>
    MethodNotAllowed = 405,

    /// <summary>The client was too slow.</summary>
    RequestTimeout = 408,

    /// <summary>The client's condition does not hold.</summary>
    PreconditionFailed = 412,

    /// <summary>More content than is taken.</summary>
    ContentTooLarge = 413,

    /// <summary>The target is too long.</summary>
    UriTooLong = 414,

    /// <summary>The part does not exist.</summary>
    RangeNotSatisfiable = 416,

    /// <summary>The client expects something that nobody here does.</summary>
    ExpectationFailed = 417,

    /// <summary>Too many or too long fields.</summary>
    FieldsTooLarge = 431,

    /// <summary>It cannot be told now.</summary>
    InternalError = 500,

    /// <summary>Nobody here does that.</summary>
    NotImplemented = 501,

    /// <summary>Not now.</summary>
    Unavailable = 503,

    /// <summary>Another major version.</summary>
    VersionNotSupported = 505,
}

/// <summary>Reason phrases.</summary>
internal static class HttpStatuses
{
    public static ReadOnlySpan<byte> PhraseOf(HttpStatus status) => status switch
    {
        HttpStatus.Ok => "OK"u8,
        HttpStatus.NoContent => "No Content"u8,
        HttpStatus.PartialContent => "Partial Content"u8,
        HttpStatus.NotModified => "Not Modified"u8,
        HttpStatus.BadRequest => "Bad Request"u8,
        HttpStatus.NotFound => "Not Found"u8,
        HttpStatus.MethodNotAllowed => "Method Not Allowed"u8,
        HttpStatus.RequestTimeout => "Request Timeout"u8,
        HttpStatus.PreconditionFailed => "Precondition Failed"u8,
        HttpStatus.ContentTooLarge => "Content Too Large"u8,
        HttpStatus.UriTooLong => "URI Too Long"u8,
        HttpStatus.RangeNotSatisfiable => "Range Not Satisfiable"u8,
        HttpStatus.ExpectationFailed => "Expectation Failed"u8,
        HttpStatus.FieldsTooLarge => "Request Header Fields Too Large"u8,
        HttpStatus.NotImplemented => "Not Implemented"u8,
        HttpStatus.Unavailable => "Service Unavailable"u8,
        HttpStatus.VersionNotSupported => "HTTP Version Not Supported"u8,
        _ => "Internal Server Error"u8,
    };

    /// <summary>Whether a response of this kind never has content. Source: RFC 9110, "204 No Content", "304 Not Modified".</summary>
    public static bool IsWithoutContent(HttpStatus status) => status is HttpStatus.NoContent or HttpStatus.NotModified;
}
