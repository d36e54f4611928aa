namespace Atoll.Services.Http.Engine;

/// <summary>What a connection is doing.</summary>
internal enum ConnectionPhase : byte
{
    /// <summary>The place is free.</summary>
    Free,

    /// <summary>A head is awaited or read.</summary>
    Head,

    /// <summary>Content of a request is read.</summary>
    Content,

    /// <summary>An answer is written.</summary>
    Answer,

    /// <summary>The last answer has been written, and goes out.</summary>
    Drain,

    /// <summary>It has gone out. What the peer still sends is read and dropped, since a reset could take the answer away from it.</summary>
    Linger,

    /// <summary>The socket is to be closed.</summary>
    Over,
}

/// <summary>How an answer's content goes out.</summary>
internal enum AnswerShape : byte
{
    /// <summary>There is none.</summary>
    Empty,

    /// <summary>A sentence that says what is wrong.</summary>
    Sentence,

    /// <summary>So many bytes.</summary>
    Counted,

    /// <summary>In chunks.</summary>
    Chunked,

    /// <summary>Until the connection closes, for HTTP/1.0.</summary>
    UntilClose,
}

/// <summary>A connection: plain data. Its buffers are in <see cref="HttpPools"/>.</summary>
public struct HttpConnection
{
    internal ConnectionPhase Phase;

    /// <summary>The peer will send nothing more.</summary>
    internal bool IsPeerDone;
    internal int InputStart;
    internal int InputEnd;
    internal int OutputStart;
    internal int OutputEnd;
    internal HeadScanner Scanner;

    internal ContentFraming Framing;
    internal ChunkReader Chunks;
    internal ulong ContentLeft;
    internal ulong ContentTaken;

    /// <summary>Nobody takes the content.</summary>
    internal bool IsDiscarding;

    internal HttpAnswer Answer;
    internal AnswerShape Shape;
    internal RequestFault Fault;
    internal bool IsHttp11;
    internal bool IsHead;
    internal bool IsAnswerBegun;

    /// <summary>The connection ends with this answer.</summary>
    internal bool IsLast;
    internal ulong AnswerOffset;
    internal ulong AnswerLeft;

    /// <summary>Until when something must have happened, and bytes that moved since that was set.</summary>
    internal ulong Deadline;
    internal ulong WindowBytes;

    internal readonly int InputCount => InputEnd - InputStart;

    internal readonly int OutputCount => OutputEnd - OutputStart;
}
