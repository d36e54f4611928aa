using System.Diagnostics;
using System.Globalization;
using Atoll.TestVm.Serial;

namespace Atoll.Cli.Running;

/// <summary>Shows a running machine line by line, for a file or a pipe.</summary>
public sealed class PlainDisplay : IRunDisplay
{
    private readonly LiveRows _live = new();

    /// <inheritdoc/>
    public void Show(string line, SerialRecord? record)
    {
        if (record is null)
        {
            Console.WriteLine(line);
        }
        else if (_live.Add(record, Stopwatch.GetTimestamp()) is { } row)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"core {record["core"]}: {record["state"]}, sent {record["sent"]}, received {record["received"]} ({row.PerSecond:0}/s), errors {record["errors"]}"));
        }
    }

    /// <inheritdoc/>
    public void During(Action<Action> loop) => loop(() => { });
}
