using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>names</c>: servers that programs find by name.</summary>
internal static class NameList
{
    internal static void Show(in Surroundings around)
    {
        if (!around.HasNames)
        {
            around.Print("this system has no server of names\n"u8);
            return;
        }

        ProgramName name = default;
        for (uint index = 0; ; index++)
        {
            Span<byte> field = Text.FieldOf(ref name);
            CallResult told = around.Names.Describe(index, field, out uint length, out ulong owner, out NamesAnswer answer);
            if (told != CallResult.Ok || answer == NamesAnswer.Unknown)
            {
                around.Print(told == CallResult.Ok ? default : "the server of names does not answer\n"u8);
                return;
            }

            TextBuffer text = default;
            text.AddPadded(field.Slice(0, (int)length), 15);
            Programs.AddName(in around, owner, ref text, 15);
            text.Add(answer == NamesAnswer.Done ? "registered"u8 : AnswerNames.Of(answer));
            text.Add("\n"u8);
            around.Print(in text);
        }
    }
}
