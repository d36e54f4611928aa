using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>A person at a terminal: text, and lines that the person edits.</summary>
[Protocol("console", version: 1)]
public interface IConsole
{
    /// <summary>Writes text.</summary>
    /// <param name="text">UTF-8; a line ends with LF.</param>
    ConsoleResult Write(ReadOnlySpan<byte> text);

    /// <summary>Characters in a row of the terminal.</summary>
    uint Columns();

    /// <summary>Has the person edit a line, until it is ended or the program must complete it.</summary>
    /// <param name="prompt">What stands before the line.</param>
    /// <param name="begun">What the line begins with.</param>
    /// <param name="line">The line, without its end.</param>
    /// <param name="length">How long it is.</param>
    [Deferred]
    ConsoleResult ReadLine(ReadOnlySpan<byte> prompt, ReadOnlySpan<byte> begun, Span<byte> line, out uint length);
}

/// <summary>What a console answers.</summary>
public enum ConsoleResult
{
    /// <summary>The text is written; or the line is ended.</summary>
    Line,

    /// <summary>The person asks for completion. The line is what there is so far.</summary>
    Complete,

    /// <summary>The person gave the line up.</summary>
    Interrupted,

    /// <summary>There is no person any more.</summary>
    Ended,

    /// <summary>Somebody else reads a line already.</summary>
    Taken,
}
