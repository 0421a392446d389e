using Brickwork.EndToEnd;

namespace Brickwork.Cli.Tests.Benchmarks;

public sealed class EndToEndTests
{
    [Fact]
    public void The_ratio_of_pairs_forgives_what_slows_both_down()
    {
        var row = Row(Unit.TokensPerSecond, (200, 100), (20, 10), (200, 100), (30, 10));

        row.MedianOfRatios.ShouldBe(2);
        row.RatioOfMedians.ShouldBe(115.0 / 55);
        row.Ours.Best.ShouldBe(200);
    }

    [Fact]
    public void Of_milliseconds_fewer_are_better()
    {
        var row = Row(Unit.Milliseconds, (500, 1000), (400, 1200));

        row.Ours.Best.ShouldBe(400);
        row.RatioOfMedians.ShouldBe(1100.0 / 450);
        row.MedianOfRatios.ShouldBe((2.0 + 3.0) / 2);
    }

    [Fact]
    public void A_run_without_result_counts_as_none_and_gains_nothing()
    {
        var row = new CrowdedRow("peer");
        row.Add(1, 40);
        row.Add(2, null);

        row.Median(2).ShouldBe(0);
        row.Gain(1, 2).ShouldBe(0);
    }

    [Fact]
    public void The_drivers_line_gives_each_batch_its_rate()
    {
        const string line = "m.gguf   t=1 fa=-1 rp=1 kv=1 share 0.98  batch[ctx128]: B1 40.5 B2 31.0 B16 99.9";

        var batches = PeerEngine.Batches(line);

        batches.Keys.ShouldBe([1, 2, 16]);
        batches[16].ShouldBe(new Measurement(99.9, 0.98));
    }

    [Fact]
    public void A_section_states_each_row_with_both_ratios()
    {
        var crowd = new Crowd(2, 60, [1, 2], [new CrowdedRow("brick"), new CrowdedRow("llama.cpp")]);
        foreach (var row in crowd.Rows)
        {
            row.Add(1, 10);
            row.Add(2, row.Engine == "brick" ? 9 : null);
        }

        ResultPage.Section("folder/m.gguf", ["command: `x`"], [Row(Unit.TokensPerSecond, (30, 10))], crowd).ShouldBe("""
            ## m.gguf

            - command: `x`

            | phase | threads | brick median | brick best | share | llama.cpp median | llama.cpp best | share | ratio of medians | median of ratios |
            |---|---|---|---|---|---|---|---|---|---|
            | decode | 1 | 30.0 | 30.0 | 1.00 | 10.0 | 10.0 | 1.00 | **3.00** | 3.00 |

            Writing beside 2 busy processes, tokens per second, medians; 0 = no result in 60 s:

            | engine | 1 thread | 2 threads | 2 to 1 |
            |---|---|---|---|
            | brick | 10.0 | 9.0 | **0.90** |
            | llama.cpp | 10.0 | 0.0 | **0.00** |

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_command_for_readers_names_files_and_no_folders()
    {
        var settings = Settings.Parse(["--model", "models/a.gguf", "--model", "b.gguf", "--driver", "tools/lbench", "--libraries", "tools/bins/linux", "--rows", "decode", "--threads", "2,1"]);

        settings.Models.ShouldBe(["models/a.gguf", "b.gguf"]);
        settings.Threads.ShouldBe([1, 2]);
        settings.CommandForReaders.ShouldBe("dotnet run bench/EndToEnd.cs -- --model a.gguf --model b.gguf --driver lbench --libraries linux"
            + " --rows decode --threads 1,2 --prompt 256 --generate 64 --rounds 5");
    }

    [Fact]
    public void The_command_for_readers_names_what_its_rows_depend_on()
    {
        string[] needed = ["--model", "m.gguf", "--driver", "lbench", "--libraries", "linux"];

        Settings.Parse([.. needed, "--rows", "batch", "--batch", "1,3"]).CommandForReaders.ShouldEndWith(" --batch 1,3");
        Settings.Parse([.. needed, "--rows", "beside", "--limit", "9"]).CommandForReaders.ShouldEndWith(" --beside 2 --limit 9");
    }

    [Theory]
    [InlineData("--model")]
    [InlineData("--model", "m.gguf")]
    [InlineData("--wrong", "1")]
    [InlineData("--rows", "decode,nothing")]
    [InlineData("--rounds", "0")]
    public void A_command_line_that_makes_no_sense_is_refused(params string[] arguments) =>
        Should.Throw<FormatException>(() => Settings.Parse(arguments));

    [Fact]
    public void A_processor_names_a_folder() => ResultPage.Slug("AMD EPYC 7B13 (64-Core)").ShouldBe("amd-epyc-7b13-64-core");

    static PairedRow Row(Unit unit, params (double Ours, double Theirs)[] runs)
    {
        var row = new PairedRow("decode", 1, unit);
        foreach (var (ours, theirs) in runs)
            row.Add(new Measurement(ours, 1), new Measurement(theirs, 1));
        return row;
    }
}
