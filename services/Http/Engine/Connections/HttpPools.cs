using System;

namespace Atoll.Services.Http.Engine;

/// <summary>The memory that a server works in: it never asks for more.</summary>
public ref struct HttpPools
{
    /// <summary>Places for connections.</summary>
    public Span<HttpConnection> Connections;

    /// <summary>One input buffer for each.</summary>
    public Span<byte> InputBytes;

    /// <summary>One output buffer for each.</summary>
    public Span<byte> OutputBytes;

    /// <summary>Length of an input buffer.</summary>
    public int InputBytesEach;

    /// <summary>Length of an output buffer.</summary>
    public int OutputBytesEach;
}
