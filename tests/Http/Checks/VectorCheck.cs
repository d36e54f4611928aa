using System.Text;
using Atoll.Http.Tests.Machine;

namespace Atoll.Http.Tests.Checks;

/// <summary>Whether a server answers a vector as it must. All of these say what is wrong, or null.</summary>
public static class VectorCheck
{
    /// <summary>The request at once.</summary>
    public static string? Whole(Vector vector) => Compare(vector, Answer(vector.Request));

    /// <summary>
    /// The request byte by byte, and in two pieces in every place of a short one, or some of a long one: always the same answer.
    /// </summary>
    public static string? Pieces(Vector vector)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(vector.Request);
        byte[] whole = new HostServer<Sample>(default).Answer([bytes], out _);
        if (!new HostServer<Sample>(default).Answer(bytes.Select(value => new[] { value }), out _).AsSpan().SequenceEqual(whole))
        {
            return $"{vector.Name}: byte by byte it is answered otherwise";
        }

        int step = Math.Max(1, bytes.Length / 500);
        for (int cut = 1; cut < bytes.Length; cut += step)
        {
            if (!new HostServer<Sample>(default).Answer([bytes[..cut], bytes[cut..]], out _).AsSpan().SequenceEqual(whole))
            {
                return $"{vector.Name}: cut at {cut} it is answered otherwise";
            }
        }

        return null;
    }

    /// <summary>Every vector.</summary>
    public static string? All() => Vectors.All.Select(Whole).FirstOrDefault(wrong => wrong is not null);

    private static (IReadOnlyList<ReadAnswer> Answers, bool IsOver) Answer(string request)
    {
        byte[] bytes = new HostServer<Sample>(default).Answer([Encoding.Latin1.GetBytes(request)], out bool isOver);
        return (AnswerReader.ReadAll(bytes), isOver);
    }

    private static string? Compare(Vector vector, (IReadOnlyList<ReadAnswer> Answers, bool IsOver) got)
    {
        string statuses = string.Join(' ', got.Answers.Select(answer => answer.Status));
        statuses += got.Answers.Count != 0 && got.Answers[^1].IsLast ? " close" : "";
        if (statuses != vector.Statuses)
        {
            return $"{vector.Name}: {statuses}, not {vector.Statuses} ({vector.Source})";
        }

        ReadAnswer last = got.Answers[^1];
        if (got.IsOver != last.IsLast || got.Answers.SkipLast(1).Any(answer => answer.IsLast))
        {
            return $"{vector.Name}: the connection does not end as was said";
        }

        string? missing = vector.Fields.FirstOrDefault(line =>
            line[0] == '!' ? last.Field(line[1..]) is not null : !last.Head.Split("\r\n").Contains(line));
        if (missing is not null)
        {
            return $"{vector.Name}: {missing} ({vector.Source})\n{last.Head}";
        }

        return vector.Content is null || Encoding.Latin1.GetString(last.Content) == vector.Content
            ? null
            : $"{vector.Name}: another content";
    }
}
