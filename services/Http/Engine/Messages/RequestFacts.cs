namespace Atoll.Services.Http.Engine;

/// <summary>How the content of a request ends.</summary>
internal enum ContentFraming : byte
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>After so many bytes.</summary>
    Length,

    /// <summary>With the last chunk.</summary>
    Chunked,
}

/// <summary>What a head says, besides its fields. Offsets are from the beginning of the head.</summary>
internal struct RequestFacts
{
    public HttpMethod Method;
    public int PathStart;
    public int PathLength;
    public int QueryStart;
    public int QueryLength;
    public int FieldsStart;

    /// <summary>The version's second digit is not 0.</summary>
    public bool IsHttp11;

    /// <summary>The target is a whole address, which says the host.</summary>
    public bool HasAuthority;

    /// <summary>The target is an asterisk: the server as a whole.</summary>
    public bool IsServerWide;
    public bool HasHost;
    public bool HasClose;
    public bool HasKeepAlive;

    /// <summary>The client waits for a word before it sends the content.</summary>
    public bool ExpectsContinue;
    public bool HasContentLength;
    public bool HasTransferEncoding;
    public ContentFraming Framing;
    public ulong ContentLength;

    /// <summary>Whether the client wants the connection to go on. Source: RFC 9112, "Persistence".</summary>
    public readonly bool IsPersistent => !HasClose && (IsHttp11 || HasKeepAlive);
}
