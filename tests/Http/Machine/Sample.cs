using System.Text;
using Atoll.Services.Http.Engine;

namespace Atoll.Http.Tests.Machine;

/// <summary>An application for tests: a little of everything that there is to answer.</summary>
public struct Sample : IHttpApplication
{
    /// <summary>Bytes of /big, and the most that /sum takes.</summary>
    public const int BigBytes = 100_000;

    /// <summary>Bytes of /stream.</summary>
    public const int StreamBytes = 5_000;

    /// <summary>Tag of /.</summary>
    public const ulong Tag = 0x0123_4567_89ab_cdef;

    /// <summary>What / says.</summary>
    public const string Hello = "hello\n";

    private const uint HelloResource = 1;
    private const uint BigResource = 2;
    private const uint StreamResource = 3;
    private const uint SumResource = 4;
    private const uint SpaceResource = 5;
    private const uint BrokenResource = 6;
    private const uint EmptyResource = 7;

    /// <summary>What stands at a place of /big and /stream.</summary>
    public static byte Pattern(ulong offset) => (byte)((offset * 31) + (offset >> 8));

    /// <summary>What /sum says of content.</summary>
    public static string SumOf(ReadOnlySpan<byte> content)
    {
        ulong sum = 0;
        foreach (byte value in content)
        {
            sum = (sum * 33) + value;
        }

        return $"{sum:x16}";
    }

    public readonly void Begin(in HttpRequest request, ref HttpAnswer answer)
    {
        answer.Resource = Encoding.Latin1.GetString(request.Path) switch
        {
            "/" => HelloResource,
            "/big" => BigResource,
            "/stream" => StreamResource,
            "/sum" => SumResource,
            "/a b" => SpaceResource,
            "/broken" => BrokenResource,
            "/empty" => EmptyResource,
            _ => 0,
        };
        bool isSum = answer.Resource == SumResource;
        answer.Allowed = HttpMethod.Options | (isSum ? HttpMethod.Post : HttpMethod.Get | HttpMethod.Head);
        if (answer.Resource == 0 && !request.IsServerWide)
        {
            answer.Status = HttpStatus.NotFound;
        }
        else if (request.Method == HttpMethod.Options)
        {
            answer.Status = HttpStatus.NoContent;
        }
        else if ((request.Method & answer.Allowed) == 0)
        {
            answer.Status = HttpStatus.MethodNotAllowed;
        }
        else
        {
            answer.Status = HttpStatus.Ok;
            answer.IsTaking = isSum;
            answer.ContentBytesMax = BigBytes;
            answer.Tag = answer.Resource == HelloResource ? Tag : 0;
            answer.IsStreamed = answer.Resource == StreamResource;
            answer.IsMomentary = answer.IsStreamed;
            answer.Length = answer.Resource switch
            {
                HelloResource or SpaceResource => (ulong)Hello.Length,
                BigResource or BrokenResource => BigBytes,
                _ => 0,
            };
        }
    }

    public readonly void Take(ref HttpAnswer answer, ReadOnlySpan<byte> content)
    {
        foreach (byte value in content)
        {
            answer.Sum = (answer.Sum * 33) + value;
        }
    }

    public readonly void End(ref HttpAnswer answer) => answer.Length = 16;

    public readonly int Fill(ref HttpAnswer answer, in HttpCounters counters, ulong offset, Span<byte> to, out bool isLast)
    {
        isLast = answer.IsStreamed && offset + (ulong)to.Length >= StreamBytes;
        int count = isLast ? (int)(StreamBytes - offset) : to.Length;
        if (answer.Resource == BrokenResource && offset > 10_000)
        {
            return 0;
        }

        for (int index = 0; index < count; index++)
        {
            ulong place = offset + (ulong)index;
            to[index] = answer.Resource switch
            {
                HelloResource or SpaceResource => (byte)Hello[(int)place],
                SumResource => (byte)$"{answer.Sum:x16}"[(int)place],
                _ => Pattern(place),
            };
        }

        return count;
    }

    public readonly void AddFields(in HttpAnswer answer, ref ByteWriter to) => to.Add("X-Content-Type-Options: nosniff\r\n"u8);
}
