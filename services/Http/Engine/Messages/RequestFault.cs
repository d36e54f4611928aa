using System;

namespace Atoll.Services.Http.Engine;

/// <summary>
/// Why a request was refused: one cause each. The client reads it in the answer, and <see cref="HttpCounters"/> counts it.
/// </summary>
[MustUse]
public enum RequestFault
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>More empty lines before a request than are passed over.</summary>
    EmptyLines,

    /// <summary>A carriage return without a line feed.</summary>
    BareCarriageReturn,

    /// <summary>A line feed without a carriage return: where lines end must not be a matter of opinion.</summary>
    BareLineFeed,

    /// <summary>A control character.</summary>
    InvalidByte,

    /// <summary>Not method, space, target, space and version.</summary>
    RequestLineMalformed,

    /// <summary>A method that nobody here knows.</summary>
    MethodUnknown,

    /// <summary>The target is longer than <see cref="HttpSettings.TargetBytesMax"/>.</summary>
    TargetTooLong,

    /// <summary>The target is no path of ours, address or asterisk, or has a wrong escape.</summary>
    TargetMalformed,

    /// <summary>Not HTTP, a digit, a dot and a digit.</summary>
    VersionMalformed,

    /// <summary>Another major version than 1.</summary>
    VersionUnsupported,

    /// <summary>A field without a colon, or whose name is no token: also a blank before the colon.</summary>
    FieldMalformed,

    /// <summary>A field that goes on in the next line.</summary>
    FieldFolded,

    /// <summary>All fields together are too long.</summary>
    FieldsTooLarge,

    /// <summary>More fields than <see cref="HttpSettings.FieldsMax"/>.</summary>
    TooManyFields,

    /// <summary>HTTP/1.1 without Host.</summary>
    HostMissing,

    /// <summary>Host twice.</summary>
    HostRepeated,

    /// <summary>Host is no host.</summary>
    HostInvalid,

    /// <summary>Content-Length is no number.</summary>
    ContentLengthMalformed,

    /// <summary>Content-Length twice, or a list: where the content ends must not be a matter of opinion.</summary>
    ContentLengthRepeated,

    /// <summary>Content-Length and Transfer-Encoding: the same.</summary>
    FramingConflict,

    /// <summary>Transfer-Encoding in HTTP/1.0: the same.</summary>
    TransferEncodingInHttp10,

    /// <summary>The last coding is not chunked, or chunked is there twice: the content has no end.</summary>
    TransferEncodingMalformed,

    /// <summary>A coding that nobody here knows.</summary>
    TransferEncodingUnknown,

    /// <summary>An expectation that is not 100-continue.</summary>
    ExpectationUnknown,

    /// <summary>More content than the resource takes.</summary>
    ContentTooLarge,

    /// <summary>A chunk with a wrong size, extension or end.</summary>
    ChunkMalformed,

    /// <summary>Trailer fields that are too long.</summary>
    TrailerTooLarge,

    /// <summary>The request, or the next piece of its content, did not come in time.</summary>
    TooSlow,

    /// <summary>All places for connections are taken.</summary>
    NoPlace,

    /// <summary>How many there are.</summary>
    Count,
}

/// <summary>What is answered to a fault.</summary>
public static class RequestFaults
{
    /// <summary>The status.</summary>
    public static HttpStatus StatusOf(RequestFault fault) => fault switch
    {
        RequestFault.MethodUnknown or RequestFault.TransferEncodingUnknown => HttpStatus.NotImplemented,
        RequestFault.TargetTooLong => HttpStatus.UriTooLong,
        RequestFault.VersionUnsupported => HttpStatus.VersionNotSupported,
        RequestFault.FieldsTooLarge or RequestFault.TooManyFields or RequestFault.TrailerTooLarge => HttpStatus.FieldsTooLarge,
        RequestFault.ExpectationUnknown => HttpStatus.ExpectationFailed,
        RequestFault.ContentTooLarge => HttpStatus.ContentTooLarge,
        RequestFault.TooSlow => HttpStatus.RequestTimeout,
        RequestFault.NoPlace => HttpStatus.Unavailable,
        RequestFault.EmptyLines or RequestFault.BareCarriageReturn or RequestFault.BareLineFeed or RequestFault.InvalidByte
            or RequestFault.RequestLineMalformed or RequestFault.TargetMalformed or RequestFault.VersionMalformed
            or RequestFault.FieldMalformed or RequestFault.FieldFolded
            or RequestFault.HostMissing or RequestFault.HostRepeated or RequestFault.HostInvalid
            or RequestFault.ContentLengthMalformed or RequestFault.ContentLengthRepeated
            or RequestFault.FramingConflict or RequestFault.TransferEncodingInHttp10 or RequestFault.TransferEncodingMalformed
            or RequestFault.ChunkMalformed => HttpStatus.BadRequest,
        RequestFault.None or RequestFault.Count => HttpStatus.InternalError,
        _ => HttpStatus.InternalError,
    };

    /// <summary>What the client reads. It is one sentence for each cause.</summary>
    public static ReadOnlySpan<byte> SentenceOf(RequestFault fault) => fault switch
    {
        RequestFault.EmptyLines => "too many empty lines before the request"u8,
        RequestFault.BareCarriageReturn => "a carriage return without a line feed"u8,
        RequestFault.BareLineFeed => "a line feed without a carriage return"u8,
        RequestFault.InvalidByte => "a control character"u8,
        RequestFault.RequestLineMalformed => "the request line is not method, target and version"u8,
        RequestFault.MethodUnknown => "the method is not known here"u8,
        RequestFault.TargetTooLong => "the target is too long"u8,
        RequestFault.TargetMalformed => "the target is malformed"u8,
        RequestFault.VersionMalformed => "the version is malformed"u8,
        RequestFault.VersionUnsupported => "only HTTP/1.1 and HTTP/1.0 are spoken here"u8,
        RequestFault.FieldMalformed => "a field is malformed"u8,
        RequestFault.FieldFolded => "a field goes on in the next line"u8,
        RequestFault.FieldsTooLarge => "the fields are too long"u8,
        RequestFault.TooManyFields => "there are too many fields"u8,
        RequestFault.HostMissing => "Host is missing"u8,
        RequestFault.HostRepeated => "Host is there twice"u8,
        RequestFault.HostInvalid => "Host is not a host"u8,
        RequestFault.ContentLengthMalformed => "Content-Length is not a number"u8,
        RequestFault.ContentLengthRepeated => "Content-Length is there twice"u8,
        RequestFault.FramingConflict => "Content-Length and Transfer-Encoding exclude each other"u8,
        RequestFault.TransferEncodingInHttp10 => "HTTP/1.0 has no Transfer-Encoding"u8,
        RequestFault.TransferEncodingMalformed => "chunked is not the last coding, or not the only one of its kind"u8,
        RequestFault.TransferEncodingUnknown => "the transfer coding is not known here"u8,
        RequestFault.ExpectationUnknown => "the expectation is not known here"u8,
        RequestFault.ContentTooLarge => "the content is too large"u8,
        RequestFault.ChunkMalformed => "a chunk is malformed"u8,
        RequestFault.TrailerTooLarge => "the trailer fields are too long"u8,
        RequestFault.TooSlow => "the request did not come in time"u8,
        RequestFault.NoPlace => "all connections are in use"u8,
        RequestFault.None or RequestFault.Count => "nobody knows why"u8,
        _ => "nobody knows why"u8,
    };
}
