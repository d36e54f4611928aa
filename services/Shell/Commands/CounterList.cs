using System;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>counters</c>: how frames ended, and what else the stack has counted. What never happened is left out.</summary>
internal static class CounterList
{
    private const int Column = 28;

    internal static void Show(in Surroundings around)
    {
        if (!NetworkReport.IsThere(in around))
        {
            return;
        }

        LineField name = default;
        Span<byte> field = LineField.Of(ref name);
        SocketAnswer answer = SocketAnswer.Done;
        for (uint index = 0; answer == SocketAnswer.Done; index++)
        {
            CallResult told = around.Network.Count(index, out ulong value, out answer);
            if (told != CallResult.Ok)
            {
                around.Print("the stack does not answer\n"u8);
                return;
            }

            if (answer == SocketAnswer.Done && value != 0 && around.Network.CountName(index, field, out uint length, out _) == CallResult.Ok)
            {
                TextBuffer text = default;
                text.AddPadded(field.Slice(0, (int)length), Column);
                text.AddAligned(value, 12);
                text.Add("\n"u8);
                around.Print(in text);
            }
        }
    }
}
