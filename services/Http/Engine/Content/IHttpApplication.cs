using System;

namespace Atoll.Services.Http.Engine;

/// <summary>
/// What a server serves. No call waits; each is of one request, whose <see cref="HttpAnswer"/> is all that the application keeps of it.
/// </summary>
public interface IHttpApplication
{
    /// <summary>Least bytes that <see cref="Fill"/> is asked for when the content is streamed.</summary>
    public const int FillBytesMin = 1024;

    /// <summary>Answers a request, or says that its content is wanted first.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answer">The answer. Nothing is set.</param>
    void Begin(in HttpRequest request, ref HttpAnswer answer);

    /// <summary>Takes a piece of the content.</summary>
    void Take(ref HttpAnswer answer, ReadOnlySpan<byte> content);

    /// <summary>Answers a request after its content.</summary>
    void End(ref HttpAnswer answer);

    /// <summary>Gives the next bytes of an answer's content.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="counters">What the server has counted, for answers that tell it.</param>
    /// <param name="offset">Bytes before them, those before a part that was asked for included.</param>
    /// <param name="to">Where they go. It is never longer than what is left of a counted answer, and then must become full.</param>
    /// <param name="isLast">Whether a streamed answer ends here.</param>
    /// <returns>How many. 0 without an end is a fault of the application, and ends the connection.</returns>
    int Fill(ref HttpAnswer answer, in HttpCounters counters, ulong offset, Span<byte> to, out bool isLast);

    /// <summary>Adds fields to the head of an answer: whole lines, not more than 384 bytes.</summary>
    void AddFields(in HttpAnswer answer, ref ByteWriter to);
}
