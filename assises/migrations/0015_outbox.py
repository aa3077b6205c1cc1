"""A letter is cancelled or comes back; those of one act to many readers are a mailing, which somebody approves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assises', '0014_either_language'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(max_length=60, verbose_name='what about')),
                ('count', models.PositiveIntegerField(verbose_name='letters')),
                ('created_at', models.DateTimeField(verbose_name='written at')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved at')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='cancelled at')),
            ],
            options={
                'verbose_name': 'mailing',
                'verbose_name_plural': 'mailings',
                'ordering': ['-id'],
            },
        ),
        migrations.RemoveIndex(
            model_name='outgoingemail',
            name='assises_letters_to_send',
        ),
        migrations.AddField(
            model_name='outgoingemail',
            name='bounced_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='came back at'),
        ),
        migrations.AddField(
            model_name='outgoingemail',
            name='cancelled_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='cancelled at'),
        ),
        migrations.AddField(
            model_name='outgoingemail',
            name='reply_to',
            field=models.EmailField(blank=True, max_length=254, verbose_name='answers go to'),
        ),
        migrations.AddField(
            model_name='mailing',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by'),
        ),
        migrations.AddField(
            model_name='mailing',
            name='cancelled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='cancelled by'),
        ),
        migrations.AddField(
            model_name='mailing',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by'),
        ),
        migrations.AddField(
            model_name='outgoingemail',
            name='mailing',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='assises.mailing', verbose_name='mailing'),
        ),
        migrations.AddIndex(
            model_name='outgoingemail',
            index=models.Index(condition=models.Q(('bounced_at', None), ('cancelled_at', None), ('sent_at', None)), fields=['next_attempt_at'], name='assises_letters_to_send'),
        ),
        migrations.AddIndex(
            model_name='outgoingemail',
            index=models.Index(condition=models.Q(('bounced_at__isnull', False)), fields=['bounced_at'], name='assises_letters_come_back'),
        ),
        migrations.AddConstraint(
            model_name='outgoingemail',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at', None), ('cancelled_at', None), _connector='OR'), name='assises_letter_sent_or_cancelled'),
        ),
        migrations.AddConstraint(
            model_name='outgoingemail',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at', None), ('bounced_at', None), _connector='OR'), name='assises_letter_sent_or_bounced'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(('approved_at', None), ('cancelled_at', None), _connector='OR'), name='assises_mailing_approved_or_cancelled'),
        ),
    ]
