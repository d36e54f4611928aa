using System;

namespace Atoll.Services.Http.Engine;

/// <summary>What a client's conditions make of an answer. Source: RFC 9110, "Precedence of Preconditions".</summary>
internal static class AnswerConditions
{
    /// <summary>Changes the answer to a request for a representation, if its fields ask for that.</summary>
    /// <remarks>Dates are nobody's condition here.</remarks>
    public static void Apply(in HttpRequest request, ref HttpConnection connection)
    {
        ref HttpAnswer answer = ref connection.Answer;
        if (answer.Status != HttpStatus.Ok || (request.Method & (HttpMethod.Get | HttpMethod.Head)) == 0)
        {
            return;
        }

        if (request.TryFind("if-match"u8, out ReadOnlySpan<byte> wanted) && !EntityTags.Has(wanted, answer.Tag, mayBeWeak: false))
        {
            answer.Status = HttpStatus.PreconditionFailed;
        }
        else if (request.TryFind("if-none-match"u8, out ReadOnlySpan<byte> held) && EntityTags.Has(held, answer.Tag, mayBeWeak: true))
        {
            answer.Status = HttpStatus.NotModified;
        }
        else if (request.Method == HttpMethod.Get && !answer.IsStreamed)
        {
            ApplyRange(request, ref connection);
        }
    }

    private static void ApplyRange(in HttpRequest request, ref HttpConnection connection)
    {
        ref HttpAnswer answer = ref connection.Answer;
        if (!request.TryFind("range"u8, out ReadOnlySpan<byte> range)
            || (request.TryFind("if-range"u8, out ReadOnlySpan<byte> held) && !IsSame(held, answer.Tag)))
        {
            return;
        }

        RangeResult result = ByteRange.Read(range, answer.Length, out connection.AnswerOffset, out connection.AnswerLeft);
        answer.Status = result switch
        {
            RangeResult.Part => HttpStatus.PartialContent,
            RangeResult.Unsatisfiable => HttpStatus.RangeNotSatisfiable,
            RangeResult.Whole => HttpStatus.Ok,
            _ => HttpStatus.Ok,
        };
    }

    // If-Range has one strong tag or a date, and no asterisk.
    private static bool IsSame(ReadOnlySpan<byte> held, ulong tag) =>
        held.Length != 0 && held[0] == '"' && EntityTags.Has(held, tag, mayBeWeak: false);
}
